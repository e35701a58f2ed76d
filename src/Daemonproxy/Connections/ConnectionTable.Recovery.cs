using System;
using Daemonproxy.Access;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The table after a resume, and what of it belongs to an access.</summary>
internal sealed partial class ConnectionTable
{
    bool IAccessPolicyUser.Uses(AccessPolicyIndex access)
    {
        bool uses = _image.Header.AcceptedAccess == access.Value && !_image.Header.Accepted.IsNone;
        foreach (Connection connection in Used)
        {
            uses |= connection.IsInUse && connection.Record.Access == access;
        }

        return uses;
    }

    int IRecordTable.Suspect => _records.Suspect;

    bool IRecordTable.IsRebuiltFromEnd => false;

    int IRecordTable.BeginRebuild() => _connections.Length;

    bool IRecordTable.IsFree(int index) => !_connections[index].IsInUse;

    FixedName IRecordTable.NameOf(int index) => default;

    void IRecordTable.Keep(int index) => _connections[index].Keep();

    void IRecordTable.Drop(int index) => _connections[index].Forget();

    void IRecordTable.EndRebuild()
    {
        CountUsed();
        BeginNextConfig();
    }

    /// <summary>The most descriptors of a connection: its ends, and descriptors received or to be sent.</summary>
    public const int MostNumbers = 3 + PassedNumbers.Most;

    /// <summary>Adds the numbers of all descriptors of connections, for the closing of all others.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        foreach (Connection connection in _connections)
        {
            if (!connection.Record.Input.IsNone && connection.IsInUse)
            {
                into[count++] = connection.Record.Input;
            }

            if (!connection.Record.Output.IsNone && connection.IsInUse)
            {
                into[count++] = connection.Record.Output;
            }

            if (connection.Record.Given != 0 && connection.IsInUse)
            {
                into[count++] = connection.Record.GivenNumber;
            }

            for (int passed = 0; passed < connection.Record.PassedCount && connection.IsInUse; passed++)
            {
                into[count++] = connection.Record.Passed[passed];
            }
        }

        return count;
    }
}

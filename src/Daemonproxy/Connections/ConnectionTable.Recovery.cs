using Daemonproxy.Access;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The table after a resume, and what of it belongs to an access.</summary>
internal sealed partial class ConnectionTable
{
    bool IAccessUser.Uses(AccessIndex access)
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
}

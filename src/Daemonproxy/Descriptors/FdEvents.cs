using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>Writes <c>fd.state</c> for a named descriptor.</summary>
internal static class FdEvents
{
    /// <summary>The number of lines that restate a descriptor. Only append: the image stores an index.</summary>
    public const int Rows = 1;

    /// <summary>Writes one of these lines, from 0; there is one.</summary>
    public static void Row(ref LineWriter line, FdTable table, FdIndex index, int row)
    {
        Assertion.Require(row == 0);
        State(ref line, table, index);
    }

    public static void State(ref LineWriter line, FdTable table, FdIndex index)
    {
        ref readonly FdRecord record = ref table[index];
        Name name = record.Name.Value;
        switch (record.Type)
        {
            case FdType.Reader:
                Events.FdStateReader(ref line, name, EndFlagsOf(record), PeerOf(table, record));
                break;
            case FdType.Writer:
                Events.FdStateWriter(ref line, name, EndFlagsOf(record), PeerOf(table, record));
                break;
            case FdType.Pair:
                Events.FdStatePair(ref line, name, (PipeFlags)record.Flags, PeerOf(table, record));
                break;
            case FdType.Socket:
                FileRights rights = table.RightsOf(index);
                SocketFlagSet flags = new((SocketFlags)record.Flags, record.Backlog, rights.Mode, rights.Owner);
                Events.FdStateSocket(ref line, name, flags, table.TextOf(index));
                break;
            case FdType.Special:
                Events.FdStateSpecial(ref line, name, FileFlagsOf(table, index), table.TextOf(index));
                break;
            default:
                Events.FdStateFile(ref line, name, FileFlagsOf(table, index), table.TextOf(index));
                break;
        }
    }

    private static FileFlagSet FileFlagsOf(FdTable table, FdIndex index)
    {
        FileRights rights = table.RightsOf(index);
        return new((FileFlags)table[index].Flags, rights.Mode, rights.Owner);
    }

    private static PipeEndFlags EndFlagsOf(in FdRecord record) =>
        ((PipeFlags)record.Flags & PipeFlags.Nonblock) != 0 ? PipeEndFlags.Nonblock : PipeEndFlags.None;

    private static Name PeerOf(FdTable table, in FdRecord record) =>
        record.Peer < 0 ? default : table[new FdIndex(record.Peer)].Name.Value;
}

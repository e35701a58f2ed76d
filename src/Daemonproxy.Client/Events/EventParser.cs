using System;

namespace Daemonproxy.Client;

internal static partial class EventParser
{
    /// <summary>
    /// Parses a line as an event. It never throws: a line of an unknown event, or of an unexpected form, is an <see
    /// cref="UnknownEvent"/>.
    /// </summary>
    /// <param name="line">A line without its line feed.</param>
    public static DaemonEvent Read(ReadOnlySpan<byte> line)
    {
        int tab = line.IndexOf((byte)'\t');
        ReadOnlySpan<byte> name = tab < 0 ? line : line[..tab];
        ReadOnlySpan<byte> fields = tab < 0 ? default : line[tab..];
        var strict = new EventReader(fields, isLenient: false);
        return Find(name, ref strict) ?? ReadLeniently(name, fields) ?? new UnknownEvent(WireText.From(line));
    }

    private static DaemonEvent? ReadLeniently(ReadOnlySpan<byte> name, ReadOnlySpan<byte> fields)
    {
        var lenient = new EventReader(fields, isLenient: true);
        return Find(name, ref lenient);
    }
}

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
        var strict = new EventReader(line, isLenient: false);
        return Find(strict.Name, ref strict) ?? ReadLeniently(line) ?? new UnknownEvent(WireText.From(line));
    }

    private static DaemonEvent? ReadLeniently(ReadOnlySpan<byte> line)
    {
        var lenient = new EventReader(line, isLenient: true);
        return Find(lenient.Name, ref lenient);
    }
}

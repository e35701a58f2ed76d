using System;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>
/// The errors of a config file, as <c>FILE:LINE: TEXT</c>, which editors understand. No controller reads the answers to
/// commands of a config: its author sees only the log.
/// </summary>
internal static class ConfigLog
{
    /// <summary>A command failed; the error follows. A long line is cut to so many bytes.</summary>
    public static void Failed(Log log, in ConnectionRecord config, ReadOnlySpan<byte> line, int most)
    {
        if (log.Wants(LogLevel.Error))
        {
            LineWriter message = Begin(log, LogLevel.Error, config, config.Lines);
            message.Text("command failed: '"u8);
            message.Text(line[..Math.Min(line.Length, most)]);
            message.Text(line.Length >= most ? "'..."u8 : "'"u8);
            log.End(ref message);
        }
    }

    /// <summary>The first word of a line is not a command.</summary>
    public static void UnknownCommand(Log log, in ConnectionRecord config, ReadOnlySpan<byte> name)
    {
        if (log.Wants(LogLevel.Error))
        {
            LineWriter message = Begin(log, LogLevel.Error, config, config.Lines);
            message.Text("unknown command "u8);
            message.Text(name);
            log.End(ref message);
            Hint(log, name);
        }
    }

    /// <summary>The line that comes next is longer than a line can be.</summary>
    public static void TooLong(Log log, in ConnectionRecord config) =>
        Say(log, config, config.Lines + 1, "command exceeds buffer size"u8);

    public static void NulByte(Log log, in ConnectionRecord config) =>
        Say(log, config, config.Lines, "NUL byte in line"u8);

    /// <summary>A service gets a descriptor of a name that does not exist yet.</summary>
    public static void UndefinedFd(Log log, in ConnectionRecord config, Name name)
    {
        if (log.Wants(LogLevel.Warning))
        {
            LineWriter message = Begin(log, LogLevel.Warning, config, config.Lines);
            message.Text("fd \""u8);
            message.Name(name);
            message.Text("\" is not yet defined"u8);
            log.End(ref message);
        }
    }

    /// <summary>Names the mistake that an editor does not show, if a line has one.</summary>
    public static void Hint(Log log, ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> hint = HintOf(line);
        if (!hint.IsEmpty)
        {
            log.Say(LogLevel.Error, hint);
        }
    }

    private static ReadOnlySpan<byte> HintOf(ReadOnlySpan<byte> line)
    {
        int tab = line.IndexOf((byte)'\t');
        ReadOnlySpan<byte> second = line[(tab + 1)..];
        int end = second.IndexOf((byte)'\t');
        second = end < 0 ? second : second[..end];
        return line.EndsWith("\r"u8) ? "  hint: the line ends with a carriage return; lines end with LF alone"u8
            : line.StartsWith("\uFEFF"u8) ? "  hint: the line begins with a byte order mark (U+FEFF)"u8
            : line.Contains("\u00A0"u8) ? "  hint: fields are separated by TABs, and this line has a blank U+00A0"u8
            : line.IsEmpty ? "  hint: the line begins with a TAB, so its first field is empty"u8
            : !second.Contains((byte)' ') ? default
            : tab < 0 ? "  hint: fields are separated by TABs, and this line has blanks"u8
            : "  hint: fields are separated by TABs, and the second one has a blank"u8;
    }

    private static bool Contains(this ReadOnlySpan<byte> line, ReadOnlySpan<byte> text) => line.IndexOf(text) >= 0;

    private static void Say(Log log, in ConnectionRecord config, int line, ReadOnlySpan<byte> text)
    {
        if (log.Wants(LogLevel.Error))
        {
            LineWriter message = Begin(log, LogLevel.Error, config, line);
            message.Text(text);
            log.End(ref message);
        }
    }

    private static LineWriter Begin(Log log, LogLevel level, in ConnectionRecord config, int line)
    {
        LineWriter message = log.Begin(level);
        message.Text(config.Source.Value);
        message.Byte((byte)':');
        message.Integer(line);
        message.Text(": "u8);
        return message;
    }
}

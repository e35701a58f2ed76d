using System;
using Daemonproxy.Controllers;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>
/// The edge: where an error value becomes an event for the controller that asked, and lines of the log.
/// </summary>
internal sealed class ErrorReport(Kernel kernel, Log log)
{
    // How many bytes of a line the log repeats.
    private const int LogQuote = 90;
    private readonly FixedArray<byte> _scratch = new(kernel, Answers.LongestLine);

    /// <summary>A command failed: <c>error⇥TEXT, for command "LINE"</c>, and two lines of the log.</summary>
    public void Failed(Controller controller, ReadOnlySpan<byte> line, in CommandError error)
    {
        EventLine answer = new(_scratch.Span);
        answer.Text("error\t"u8);
        Errors.Write(error, ref answer);
        answer.Text(", for command \""u8);
        answer.Text(line[..Math.Min(line.Length, Limits.ErrorLine)]);
        answer.Text(line.Length >= Limits.ErrorLine ? "...\"\n"u8 : "\"\n"u8);
        controller.Tell(answer.Written);
        if (log.Wants(LogLevel.Error))
        {
            LogFailed(controller, line, error);
        }
    }

    /// <summary>A name that is no command; it is never cut.</summary>
    public void UnknownCommand(Controller controller, ReadOnlySpan<byte> name)
    {
        EventLine answer = new(_scratch.Span);
        answer.Text("error\tUnknown command: "u8);
        answer.Text(name);
        answer.Byte((byte)'\n');
        controller.Tell(answer.Written);
        if (log.Wants(LogLevel.Error))
        {
            EventLine entry = BeginEntry(controller);
            entry.Text(" sent unknown command "u8);
            entry.Text(name);
            log.End(ref entry);
        }
    }

    /// <summary>An error of the line as such: <c>error⇥TEXT</c>.</summary>
    public void Bare(Controller controller, in CommandError error)
    {
        EventLine answer = new(_scratch.Span);
        answer.Text("error\t"u8);
        Errors.Write(error, ref answer);
        answer.Byte((byte)'\n');
        controller.Tell(answer.Written);
    }

    /// <summary>A line that is too long was discarded.</summary>
    public void LogTooLong(Controller controller)
    {
        if (log.Wants(LogLevel.Error))
        {
            EventLine entry = BeginEntry(controller);
            entry.Text(" command exceeds buffer size"u8);
            log.End(ref entry);
        }
    }

    private void LogFailed(Controller controller, ReadOnlySpan<byte> line, in CommandError error)
    {
        EventLine entry = BeginEntry(controller);
        entry.Text(" command failed: '"u8);
        entry.Text(line[..Math.Min(line.Length, LogQuote)]);
        entry.Text(line.Length >= LogQuote ? "'..."u8 : "'"u8);
        log.End(ref entry);
        entry = log.Begin(LogLevel.Error);
        entry.Text("  with error: '"u8);
        Errors.Write(error, ref entry);
        entry.Byte((byte)'\'');
        log.End(ref entry);
    }

    private EventLine BeginEntry(Controller controller)
    {
        EventLine entry = log.Begin(LogLevel.Error);
        entry.Text("controller["u8);
        entry.Integer(controller.Index);
        entry.Byte((byte)']');
        return entry;
    }
}

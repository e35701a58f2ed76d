using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>
/// Converts an error value to an event for the controller that sent the command, and to lines of the log.
/// </summary>
internal sealed class ErrorReporter(SystemCalls kernel, Log log)
{
    // The most bytes of a line that the log quotes.
    private const int LogQuote = 90;
    private readonly FixedArray<byte> _scratch = new(kernel, LargestAnswer.LongestLine);

    /// <summary>A command failed: <c>error⇥TEXT, for command "LINE"</c>, and two lines of the log.</summary>
    public void Failed(Connection connection, ReadOnlySpan<byte> line, in CommandError error)
    {
        LineWriter answer = new(_scratch.Span);
        answer.Text("error\t"u8);
        Errors.Write(error, ref answer);
        answer.Text(", for command \""u8);
        answer.Text(line[..Math.Min(line.Length, Limits.ErrorLine)]);
        answer.Text(line.Length >= Limits.ErrorLine ? "...\"\n"u8 : "\"\n"u8);
        connection.Send(answer.Written);
        if (IsLogged(connection))
        {
            LogFailed(connection, line, error);
        }
    }

    /// <summary>An unknown command name; it is never cut.</summary>
    public void UnknownCommand(Connection connection, ReadOnlySpan<byte> name)
    {
        LineWriter answer = new(_scratch.Span);
        answer.Text("error\tUnknown command: "u8);
        answer.Text(name);
        answer.Byte((byte)'\n');
        connection.Send(answer.Written);
        if (connection.Record.Kind == ConnectionKind.Config)
        {
            ConfigLog.UnknownCommand(log, connection.Record, name);
            return;
        }

        if (IsLogged(connection))
        {
            LogMessages.UnknownCommand(log, connection.Index, name);
        }
    }

    /// <summary>An error of the line as such: <c>error⇥TEXT</c>.</summary>
    public void SendError(Connection connection, in CommandError error)
    {
        LineWriter answer = new(_scratch.Span);
        answer.Text("error\t"u8);
        Errors.Write(error, ref answer);
        answer.Byte((byte)'\n');
        connection.Send(answer.Written);
    }

    /// <summary>A line with a NUL was not run.</summary>
    public void NulByte(Connection connection)
    {
        SendError(connection, Errors.NulByte);
        if (connection.Record.Kind == ConnectionKind.Config)
        {
            ConfigLog.NulByte(log, connection.Record);
        }
    }

    /// <summary>A line that is too long is discarded.</summary>
    public void LogTooLong(Connection connection)
    {
        if (connection.Record.Kind == ConnectionKind.Config)
        {
            ConfigLog.TooLong(log, connection.Record);
            return;
        }

        if (IsLogged(connection))
        {
            LogMessages.CommandTooLong(log, connection.Index);
        }
    }

    /// <summary>A line of a config file names a descriptor that does not exist by then.</summary>
    public void UndefinedFd(Connection connection, Name name)
    {
        if (connection.Record.Kind == ConnectionKind.Config)
        {
            ConfigLog.UndefinedFd(log, connection.Record, name);
        }
    }

    // Restricted peers must not fill the log.
    private bool IsLogged(Connection connection) =>
        log.Wants(connection.Record.Access.IsAll ? LogLevel.Error : LogLevel.Debug);

    private void LogFailed(Connection connection, ReadOnlySpan<byte> line, in CommandError error)
    {
        bool isConfig = connection.Record.Kind == ConnectionKind.Config;
        if (isConfig)
        {
            ConfigLog.Failed(log, connection.Record, line, LogQuote);
        }
        else if (line.Length >= LogQuote)
        {
            LogMessages.LongCommandFailed(log, connection.Index, line[..LogQuote]);
        }
        else
        {
            LogMessages.CommandFailed(log, connection.Index, line);
        }

        LineWriter text = new(_scratch.Span);
        Errors.Write(error, ref text);
        LogMessages.WithError(log, text.Written);
        if (isConfig)
        {
            ConfigLog.Hint(log, line);
        }
    }
}

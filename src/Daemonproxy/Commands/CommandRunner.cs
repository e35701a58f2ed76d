using System;
using Daemonproxy.Connections;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>
/// Takes the lines of a controller one after the other and runs them, as long as there is room for the largest answer.
/// The image notes each line before it is run.
/// </summary>
internal sealed class CommandRunner(
    StateImage image, Statistics statistics, CommandHandler handler, ErrorReporter report, Log log)
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\0"u8;

    /// <summary>Runs what is in the inbox; at most one inbox, since it is filled once in a turn.</summary>
    public void RunLines(Connection connection, Instant now)
    {
        while (connection.MayHaveLine && connection.CanRunCommand && !handler.IsTerminating)
        {
            if (connection.Record.IsDiscarding && !Discard(connection))
            {
                break;
            }

            switch (connection.Inbox.TryFind(out int offset, out int length))
            {
                case LineResult.Line:
                    RunLine(connection, offset, length, now);
                    break;
                case LineResult.TooLong:
                    BeginDiscarding(connection);
                    break;
                default:
                    connection.MayHaveLine = false;
                    break;
            }
        }

        if (connection.Record.InputEnded && !connection.MayHaveLine && !connection.Record.IsClosing)
        {
            EndOfInput(connection, now);
        }
    }

    private void RunLine(Connection connection, int offset, int length, Instant now)
    {
        // Noted before it is taken: in between it is in both places, and the resume takes it.
        ref WorkNote work = ref image.Header.Work;
        work.LineOffset = offset;
        work.LineLength = length;
        work.Connection = connection.Index;
        image.Pass(CrashPoint.LineNoted);
        connection.Inbox.Take(offset, length);
        image.Pass(CrashPoint.LineTaken);
        Run(connection, connection.Inbox.Slice(offset, length), now);
        image.Pass(CrashPoint.LineRun);
        work.Connection = -1;
    }

    private void Run(Connection connection, ReadOnlySpan<byte> line, Instant now)
    {
        if (IsIgnored(line))
        {
            return;
        }

        statistics.Add(Counter.Commands);
        LogMessages.Command(log, connection.Index, line);
        if (line.Contains((byte)0))
        {
            report.SendError(connection, Errors.NulByte);
            return;
        }

        FieldReader fields = new(line);
        fields.TryNext(out ReadOnlySpan<byte> name);
        CommandId id = CommandTable.Find(name);
        if (!handler.Knows(id))
        {
            report.UnknownCommand(connection, name);
            return;
        }

        handler.Enter(connection, now);
        CommandError error = CommandDispatch.Run(id, ref fields, handler);
        if (!error.IsNone)
        {
            report.Failed(connection, line, error);
        }
    }

    private static bool IsIgnored(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line[0] == (byte)'#' || (line[0] <= (byte)' ' && !line.ContainsAnyExcept(Blanks));

    private void BeginDiscarding(Connection connection)
    {
        bool isComment = connection.Inbox.Slice(connection.Record.Inbox.Start, 1)[0] == (byte)'#';
        using (RecordWriter<ConnectionRecord> change = connection.Change())
        {
            change.Record.IsDiscarding = true;
        }

        if (!isComment)
        {
            report.SendError(connection, Errors.LineTooLong);
            report.LogTooLong(connection);
        }
    }

    // Whether the end of the long line was found, so that what follows can be run.
    private static bool Discard(Connection connection)
    {
        bool found = connection.Inbox.DiscardLine();
        connection.MayHaveLine = found;
        if (found)
        {
            using RecordWriter<ConnectionRecord> change = connection.Change();
            change.Record.IsDiscarding = false;
        }

        return found;
    }

    private void EndOfInput(Connection connection, Instant now)
    {
        if (connection.Inbox.Length > 0 && !connection.Record.IsDiscarding)
        {
            connection.Inbox.FindRest(out int offset, out int length);
            if (connection.Record.Kind == ConnectionKind.Config)
            {
                LogMessages.UnfinishedLine(log);
                RunLine(connection, offset, length, now);
            }
            else
            {
                connection.Inbox.Take(offset, length);
                LogMessages.UnfinishedLineIgnored(log);
            }
        }

        if (connection.Record.Dump == DumpStage.None)
        {
            connection.Close();
        }
    }
}

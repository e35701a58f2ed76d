using System;
using Daemonproxy.Access;
using Daemonproxy.Connections;
using Daemonproxy.Helpers;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>
/// Takes the lines of a controller one after the other and runs them, as long as there is room for the largest answer.
/// The image notes each line before it is run.
/// </summary>
internal sealed class CommandRunner(
    StateImage image,
    Statistics statistics,
    ConnectionTable connections,
    HelperTable helpers,
    StateDump dump,
    CommandContext context,
    CommandHandlers handlers,
    ConfigEnd configEnd,
    DaemonSettings settings,
    AccessPolicies access,
    ShutdownState shutdown,
    ErrorReporter report,
    Log log) : EventSource
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\0"u8;

    public override void Run(TurnStep step, ref Instant now)
    {
        foreach (Connection connection in connections.Used)
        {
            if (connection.IsInUse)
            {
                if (connection.Record is { IsPostponed: true, IsHeld: true } && helpers.CanGoOn(connection.Index))
                {
                    connection.Hold(false);
                }

                dump.Continue(connection, now);
                RunLines(connection, now);
                dump.Continue(connection, now);
            }
        }
    }

    // At most one inbox, since it is filled once in a turn.
    private void RunLines(Connection connection, Instant now)
    {
        while (connection.CanRunLine && !shutdown.IsEnding)
        {
            switch (connection.FindLine(out int offset, out int length))
            {
                case LineScanResult.Line:
                    RunLine(connection, offset, length, now);
                    break;
                case LineScanResult.TooLong:
                    Discard(connection);
                    break;
                default:
                    break;
            }
        }

        if (connection.HasRest)
        {
            EndRest(connection, now);
        }

        if (connection.IsInputOver)
        {
            connection.Close();
        }

        if (connection.Record.IsClosing && connection.Record.Kind == ConnectionKind.Config)
        {
            configEnd.Note(connection);
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
        bool isAgain = connection.Record.IsPostponed;
        connection.TakeLine(offset, length);
        image.Pass(CrashPoint.LineTaken);
        context.Enter(connection, offset, length, now);
        access.Sender = connection.Record.Access;
        Run(connection, context.Line, isAgain);
        access.Sender = default;
        if (context.IsPostponed)
        {
            connection.Postpone(offset);
        }
        else if (isAgain)
        {
            helpers.Forget(connection.Index);
        }

        image.Pass(CrashPoint.LineRun);
        work.Connection = -1;
    }

    private void Run(Connection connection, ReadOnlySpan<byte> line, bool isAgain)
    {
        if (IsIgnored(line))
        {
            return;
        }

        if (!isAgain)
        {
            statistics.Add(Counter.Commands);
            if (log.Wants(LogLevel.Debug))
            {
                LogMessages.Command(log, connection.Index, line);
            }
        }

        if (connection.MayHaveNul && line.Contains((byte)0))
        {
            report.NulByte(connection);
            return;
        }

        FieldReader fields = new(line);
        fields.TryNext(out ReadOnlySpan<byte> name);
        CommandId id = CommandTable.Find(name);
        if (!Exists(id))
        {
            report.UnknownCommand(connection, name);
            return;
        }

        bool isAllowed = access.Sender.IsAll || access.RightOf(access.Sender) >= CommandRights.Of(id);
        CommandError error = isAllowed ? CommandDispatch.Run(id, ref fields, handlers) : Errors.NotAllowed;
        if (!error.IsNone)
        {
            report.Failed(connection, line, error);
        }
    }

    // debug.crash has to be allowed at start.
    private bool Exists(CommandId id) =>
        id != CommandId.None && (id != CommandId.DebugCrash || settings.AllowsDebugCrash);

    private static bool IsIgnored(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line[0] == (byte)'#' || (line[0] <= (byte)' ' && !line.ContainsAnyExcept(Blanks));

    private void Discard(Connection connection)
    {
        bool isComment = connection.DiscardLine();
        if (!isComment)
        {
            report.SendError(connection, Errors.LineTooLong);
            report.LogTooLong(connection);
        }
    }

    // A file may end without an LF; what else ends in a line was cut off.
    private void EndRest(Connection connection, Instant now)
    {
        int offset = connection.Record.Inbox.Start;
        int length = connection.Record.Inbox.Length;
        if (connection.Record.Kind == ConnectionKind.Config)
        {
            if (!connection.Record.IsPostponed)
            {
                LogMessages.UnfinishedLine(log);
            }

            RunLine(connection, offset, length, now);
        }
        else
        {
            connection.TakeLine(offset, length);
            if (log.Wants(LogLevel.Warning, connection.Record.Access))
            {
                LogMessages.UnfinishedLineIgnored(log);
            }
        }
    }
}

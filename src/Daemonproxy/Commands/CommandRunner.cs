using System;
using Daemonproxy.Controllers;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Time;

namespace Daemonproxy.Commands;

/// <summary>
/// Takes the lines of a controller one after the other and runs them, as long as there is room for the largest answer.
/// The image notes each line before it is run.
/// </summary>
internal sealed class CommandRunner(
    StateImage image, Statistics statistics, CommandHandler handler, ErrorReport report, Log log)
{
    private static ReadOnlySpan<byte> Blanks => " \t\r\0"u8;

    /// <summary>Runs what is in the inbox; at most one inbox, since it is filled once in a turn.</summary>
    public void RunLines(Controller controller, Instant now)
    {
        while (controller.MayHaveLine && controller.CanRunCommand && !handler.IsTerminating)
        {
            if (controller.Record.IsDiscarding && !Discard(controller))
            {
                break;
            }

            switch (controller.Inbox.TryFind(out int offset, out int length))
            {
                case LineResult.Line:
                    RunLine(controller, offset, length, now);
                    break;
                case LineResult.TooLong:
                    BeginDiscarding(controller);
                    break;
                default:
                    controller.MayHaveLine = false;
                    break;
            }
        }

        if (controller.Record.InputEnded && !controller.MayHaveLine && !controller.Record.IsClosing)
        {
            EndOfInput(controller, now);
        }
    }

    private void RunLine(Controller controller, int offset, int length, Instant now)
    {
        // Noted before it is taken: in between it is in both places, and the resume takes it.
        ref WorkNote work = ref image.Header.Work;
        work.LineOffset = offset;
        work.LineLength = length;
        work.Controller = controller.Index;
        image.Pass(CrashPoint.LineNoted);
        controller.Inbox.Take(offset, length);
        image.Pass(CrashPoint.LineTaken);
        Run(controller, controller.Inbox.Slice(offset, length), now);
        image.Pass(CrashPoint.LineRun);
        work.Controller = -1;
    }

    private void Run(Controller controller, ReadOnlySpan<byte> line, Instant now)
    {
        if (IsIgnored(line))
        {
            return;
        }

        statistics.Add(Counter.Commands);
        LogMessages.Command(log, controller.Index, line);
        if (line.Contains((byte)0))
        {
            report.Bare(controller, Errors.NulByte);
            return;
        }

        FieldReader fields = new(line);
        fields.TryNext(out ReadOnlySpan<byte> name);
        CommandId id = CommandTable.Find(name);
        if (!handler.Knows(id))
        {
            report.UnknownCommand(controller, name);
            return;
        }

        handler.Enter(controller, now);
        CommandError error = CommandDispatch.Run(id, ref fields, handler);
        if (!error.IsNone)
        {
            report.Failed(controller, line, error);
        }
    }

    private static bool IsIgnored(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line[0] == (byte)'#' || (line[0] <= (byte)' ' && !line.ContainsAnyExcept(Blanks));

    private void BeginDiscarding(Controller controller)
    {
        bool isComment = controller.Inbox.Slice(controller.Record.Inbox.Start, 1)[0] == (byte)'#';
        using (Change<ControllerRecord> change = controller.Change())
        {
            change.Record.IsDiscarding = true;
        }

        if (!isComment)
        {
            report.Bare(controller, Errors.LineTooLong);
            report.LogTooLong(controller);
        }
    }

    // Whether the end of the long line was found, so that what follows can be run.
    private static bool Discard(Controller controller)
    {
        bool found = controller.Inbox.DiscardLine();
        controller.MayHaveLine = found;
        if (found)
        {
            using Change<ControllerRecord> change = controller.Change();
            change.Record.IsDiscarding = false;
        }

        return found;
    }

    private void EndOfInput(Controller controller, Instant now)
    {
        if (controller.Inbox.Length > 0 && !controller.Record.IsDiscarding)
        {
            controller.Inbox.FindRest(out int offset, out int length);
            if (controller.Record.Kind == ControllerKind.Config)
            {
                LogMessages.UnfinishedLine(log);
                RunLine(controller, offset, length, now);
            }
            else
            {
                controller.Inbox.Take(offset, length);
                LogMessages.UnfinishedLineIgnored(log);
            }
        }

        if (controller.Record.Dump == DumpStage.None)
        {
            controller.Close();
        }
    }
}

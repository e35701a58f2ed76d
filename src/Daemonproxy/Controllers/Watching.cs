using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Daemonproxy.Time;

namespace Daemonproxy.Controllers;

/// <summary>What a controller is waited for.</summary>
internal static class Watching
{
    // What the kernel had no room to watch is tried again so much later.
    private const int RetrySeconds = 1;

    /// <summary>Tells the kernel, if it has changed.</summary>
    public static void Update(Kernel kernel, Controller controller)
    {
        ref readonly ControllerRecord record = ref controller.Record;
        Interest read = controller.WantsInput ? Interest.Read : Interest.None;
        Interest write = controller.Outbox.IsEmpty ? Interest.None : Interest.Write;
        if (record.Input == record.Output)
        {
            // A connection that has ended both ways is told again and again, whatever it is watched for.
            if (record.InputEnded && (read | write) == Interest.None)
            {
                controller.InputWatch.Stop(kernel);
            }
            else
            {
                controller.InputWatch.Set(kernel, record.Input, record.Generation, read | write);
            }

            return;
        }

        // The end of a pipe is told as long as it is watched: what is not wanted is not watched.
        if (controller.WantsInput)
        {
            controller.InputWatch.Set(kernel, record.Input, record.Generation, read);
        }
        else
        {
            controller.InputWatch.Stop(kernel);
        }

        if (controller.IsListening)
        {
            controller.OutputWatch.Set(kernel, record.Output, record.Generation, write);
        }
        else
        {
            controller.OutputWatch.Stop(kernel);
        }
    }

    /// <summary>
    /// When the daemon must look at it again even if nothing becomes ready: now, if it has work to do.
    /// </summary>
    public static Instant NextDeadline(Controller controller, Instant now)
    {
        ref readonly ControllerRecord record = ref controller.Record;
        bool mustRead = controller.InputWatch.IsAlwaysReady && controller.WantsInput;
        bool canRun = controller.MayHaveLine && controller.CanRunCommand;
        bool canDump = record.Dump != DumpStage.None && controller.Outbox.Length <= StateDump.Mark;
        bool mustEnd = record.InputEnded && !record.IsClosing && record.Dump == DumpStage.None
            && !controller.MayHaveLine;
        bool mustWrite = !controller.Outbox.IsEmpty && controller.OutputWatch.IsAlwaysReady;
        if (mustRead || canRun || canDump || mustEnd || mustWrite)
        {
            return now;
        }

        Instant patience = Patience.NextDeadline(controller);
        bool isUnheard = controller.InputWatch.HasFailed || controller.OutputWatch.HasFailed;
        Instant retry = isUnheard ? now + new Seconds(RetrySeconds) : Instant.Never;
        return retry < patience ? retry : patience;
    }
}

using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>What a controller is waited for.</summary>
internal static class ConnectionWork
{
    // What the kernel had no room to watch is tried again so much later.
    private const int RetrySeconds = 1;

    /// <summary>Tells the kernel, if it has changed.</summary>
    public static void Update(SystemCalls kernel, Connection connection)
    {
        ref readonly ConnectionRecord record = ref connection.Record;
        PollInterest read = connection.WantsInput ? PollInterest.Read : PollInterest.None;
        PollInterest write = connection.Outbox.IsEmpty ? PollInterest.None : PollInterest.Write;
        if (record.Input == record.Output)
        {
            // A connection that has ended both ways is told again and again, whatever it is watched for.
            if (record.InputEnded && (read | write) == PollInterest.None)
            {
                connection.InputWatch.Stop(kernel);
            }
            else
            {
                connection.InputWatch.Set(kernel, record.Input, record.Generation, read | write);
            }

            return;
        }

        // The end of a pipe is told as long as it is watched: what is not wanted is not watched.
        if (connection.WantsInput)
        {
            connection.InputWatch.Set(kernel, record.Input, record.Generation, read);
        }
        else
        {
            connection.InputWatch.Stop(kernel);
        }

        if (connection.IsListening)
        {
            connection.OutputWatch.Set(kernel, record.Output, record.Generation, write);
        }
        else
        {
            connection.OutputWatch.Stop(kernel);
        }
    }

    /// <summary>
    /// When the daemon must look at it again even if nothing becomes ready: now, if it has work to do.
    /// </summary>
    public static Instant NextDeadline(Connection connection, Instant now)
    {
        ref readonly ConnectionRecord record = ref connection.Record;
        bool mustRead = connection.InputWatch.IsAlwaysReady && connection.WantsInput;
        bool canRun = connection.MayHaveLine && connection.CanRunCommand;
        bool canDump = record.Dump != DumpStage.None && connection.Outbox.Length <= StateDump.Mark;
        bool mustEnd = record.InputEnded && !record.IsClosing && record.Dump == DumpStage.None
            && !connection.MayHaveLine;
        bool mustWrite = !connection.Outbox.IsEmpty && connection.OutputWatch.IsAlwaysReady;
        if (mustRead || canRun || canDump || mustEnd || mustWrite)
        {
            return now;
        }

        Instant patience = SlowReaderPolicy.NextDeadline(connection);
        bool isUnheard = connection.InputWatch.HasFailed || connection.OutputWatch.HasFailed;
        Instant retry = isUnheard ? now + new Seconds(RetrySeconds) : Instant.Never;
        return retry < patience ? retry : patience;
    }
}

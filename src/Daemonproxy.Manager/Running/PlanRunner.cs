using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>
/// Sends the commands of a plan. When the daemon refuses a setting of a service, nothing that follows for that
/// service is sent: it must not run with less than its file says, such as as another user.
/// </summary>
internal sealed class PlanRunner(IDaemon daemon, Action<LogLine> log)
{
    // What was refused, until the file is read again.
    private readonly HashSet<DaemonCommand> _refused = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);

    /// <summary>Whether the daemon has ended, as a plan asked it to.</summary>
    public bool HasEndedDaemon { get; private set; }

    /// <summary>A new file may have mended it.</summary>
    public void Forget()
    {
        _refused.Clear();
        _broken.Clear();
    }

    /// <summary>Sends what can be sent, and waits until it is done.</summary>
    /// <returns>False if there was nothing to send.</returns>
    public async Task<bool> RunAsync(Plan plan, CancellationToken cancellation)
    {
        List<(DaemonCommand Command, Task<CommandResult> Task)> sent = [];
        bool hasSent = false;
        foreach (DaemonCommand command in plan.Commands)
        {
            string service = plan.ServiceOf(command);
            if (_broken.Contains(service) && command.Name != "service.stop")
            {
                continue;
            }

            // What a start rests on is known before it is sent.
            if (command.Name is "service.start" or "service.tag")
            {
                await FinishAsync(plan, sent).ConfigureAwait(false);
                if (_broken.Contains(service))
                {
                    continue;
                }
            }

            hasSent = true;
            sent.Add((command, daemon.RunAsync(command, cancellation)));
        }

        await FinishAsync(plan, sent).ConfigureAwait(false);
        return hasSent;
    }

    private async Task FinishAsync(Plan plan, List<(DaemonCommand Command, Task<CommandResult> Task)> sent)
    {
        foreach ((DaemonCommand command, Task<CommandResult> task) in sent)
        {
            try
            {
                await task.ConfigureAwait(false);
            }
            catch (CommandFailedException problem)
            {
                Refuse(plan.ServiceOf(command), command, problem);
            }
            catch (Exception problem) when (problem is AnswerLostException or ConnectionClosedException)
            {
                // The next plan sees whether it was run; after an end there is none.
                HasEndedDaemon |= command.Name == "terminate";
            }
        }

        sent.Clear();
    }

    private void Refuse(string service, DaemonCommand command, CommandFailedException problem)
    {
        // Somebody else was quicker: the next plan sees what is so.
        if (command.Name is "service.start" or "service.stop" or "service.delete" or "service.signal" or "service.tag")
        {
            log(new LogLine(LogLevel.Debug, $"{command.Fields[0]}: {command.Name}: {problem.Message}"));
            return;
        }

        if (_refused.Add(command))
        {
            _broken.Add(service);
            log(new LogLine(
                LogLevel.Error,
                service.Length > 0
                    ? $"{service}: not started, the daemon refuses {problem.Message}"
                    : $"the daemon refuses {problem.Message}"));
        }
    }
}

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

    /// <summary>
    /// Sends what can be sent, and waits until it is done: of all services first the settings, and once it is known that
    /// they were taken, what rests on them.
    /// </summary>
    /// <returns>False if there was nothing to send.</returns>
    public async Task<bool> RunAsync(Plan plan, CancellationToken cancellation)
    {
        Dictionary<string, int> lastSetting = new(StringComparer.Ordinal);
        for (int place = 0; place < plan.Commands.Count; place++)
        {
            if (IsSetting(plan.Commands[place]))
            {
                lastSetting[plan.ServiceOf(plan.Commands[place])] = place;
            }
        }

        bool hasSent = false;
        foreach (bool isFirst in (bool[])[true, false])
        {
            List<(DaemonCommand Command, Task<CommandResult> Task)> sent = [];
            for (int place = 0; place < plan.Commands.Count; place++)
            {
                DaemonCommand command = plan.Commands[place];
                string service = plan.ServiceOf(command);
                bool isSetting = place <= lastSetting.GetValueOrDefault(service, -1);
                if (isSetting == isFirst && (!_broken.Contains(service) || command.Name == "service.stop"))
                {
                    hasSent = true;
                    sent.Add((command, daemon.RunAsync(command, cancellation)));
                }
            }

            await FinishAsync(plan, sent).ConfigureAwait(false);
        }

        return hasSent;
    }

    // What the daemon refuses for good. The others fail if somebody else was quicker.
    private static bool IsSetting(DaemonCommand command) => command.Name is not (
        "service.start" or "service.stop" or "service.delete" or "service.signal" or "service.tag");

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
        if (!IsSetting(command))
        {
            // The next plan sees what is so.
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

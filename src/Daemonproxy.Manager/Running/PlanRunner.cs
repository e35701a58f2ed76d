using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>What came of a plan.</summary>
internal enum RunResult
{
    /// <summary>There was nothing to send.</summary>
    Nothing,

    /// <summary>The state is another one now, or may be.</summary>
    Done,

    /// <summary>The daemon has refused all of it.</summary>
    AllFailed,
}

/// <summary>
/// Sends the commands of a plan. When the daemon refuses a setting of a service, nothing that follows for that
/// service is sent: it must not run with less than its file says, such as as another user.
/// </summary>
internal sealed class PlanRunner(IDaemon daemon, Action<LogLine> log)
{
    // Until the file is read again.
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>The services a setting of which was refused; empty for the daemon itself.</summary>
    public IReadOnlySet<string> Refused => _refused;

    /// <summary>Whether the daemon has ended, as a plan asked it to.</summary>
    public bool HasEndedDaemon { get; private set; }

    /// <summary>A new file may have mended it.</summary>
    public void Forget()
    {
        _refused.Clear();
    }

    /// <summary>The same for one service.</summary>
    public void Forget(string service) => _refused.Remove(service);

    /// <summary>
    /// Sends what can be sent, and waits until it is done: of all services first the settings, and once it is known
    /// that they were taken, what rests on them.
    /// </summary>
    public async Task<RunResult> RunAsync(Plan plan, CancellationToken cancellation)
    {
        Dictionary<string, int> lastSetting = new(StringComparer.Ordinal);
        for (int place = 0; place < plan.Commands.Count; place++)
        {
            if (IsSetting(plan.Commands[place]))
            {
                lastSetting[plan.ServiceOf(plan.Commands[place])] = place;
            }
        }

        HashSet<string> refusedNow = new(StringComparer.Ordinal);
        bool hasSent = false;
        bool hasSucceeded = false;
        foreach (bool isFirst in (bool[])[true, false])
        {
            List<(DaemonCommand Command, Task<CommandResult> Task)> sent = [];
            for (int place = 0; place < plan.Commands.Count; place++)
            {
                DaemonCommand command = plan.Commands[place];
                string service = plan.ServiceOf(command);
                bool isSetting = place <= lastSetting.GetValueOrDefault(service, -1);
                if (isSetting == isFirst && (isFirst || !refusedNow.Contains(service)) && !IsEndRefused(command))
                {
                    hasSent = true;
                    sent.Add((command, daemon.RunAsync(command, cancellation)));
                }
            }

            hasSucceeded |= await FinishAsync(plan, sent, refusedNow).ConfigureAwait(false);
        }

        return !hasSent ? RunResult.Nothing : hasSucceeded ? RunResult.Done : RunResult.AllFailed;
    }

    // An end that is refused, say for want of the guard's code, is not asked for again and again.
    private bool IsEndRefused(DaemonCommand command) => command.Name == "terminate" && _refused.Contains("");

    // What the daemon refuses for good. The others fail if somebody else was quicker.
    private static bool IsSetting(DaemonCommand command) => command.Name is not (
        "service.start" or "service.stop" or "service.delete" or "service.signal" or "service.tag" or "fd.delete");

    // Whether one of them was carried out, or may have been.
    private async Task<bool> FinishAsync(
        Plan plan, List<(DaemonCommand Command, Task<CommandResult> Task)> sent, HashSet<string> refusedNow)
    {
        bool hasSucceeded = false;
        foreach ((DaemonCommand command, Task<CommandResult> task) in sent)
        {
            try
            {
                await task.ConfigureAwait(false);
                hasSucceeded = true;
            }
            catch (CommandFailedException problem) when (IsSetting(command))
            {
                string service = plan.ServiceOf(command);
                refusedNow.Add(service);
                _refused.Add(service);
                log(new LogLine(
                    LogLevel.Error,
                    service.Length > 0
                        ? $"{service}: not started, the daemon refuses {problem.Message}"
                        : $"the daemon refuses {problem.Message}"));
            }
            catch (CommandFailedException problem)
            {
                // Somebody else was quicker: the next plan sees what is so.
                log(new LogLine(LogLevel.Debug, $"{command.Fields[0]}: {problem.Message}"));
            }
            catch (Exception problem) when (problem is AnswerLostException or ConnectionClosedException)
            {
                // The next plan sees whether it was run; after an end there is none.
                HasEndedDaemon |= command.Name == "terminate";
                hasSucceeded = true;
            }
        }

        return hasSucceeded;
    }
}

using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>The result of a plan.</summary>
internal enum RunResult
{
    /// <summary>The plan was empty.</summary>
    Nothing,

    /// <summary>The state has changed, or may have.</summary>
    Done,

    /// <summary>The daemon has refused all commands.</summary>
    AllFailed,
}

/// <summary>
/// Sends the commands of a plan. When the daemon refuses a setting of a service, the later commands of that service are
/// not sent: it must not run without a setting of its file, for instance as another user.
/// </summary>
internal sealed class PlanRunner(IDaemon daemon, Action<LogLine> log)
{
    // Until the file is read again.
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);

    /// <summary>The services with a refused setting; an empty name for the daemon itself.</summary>
    public IReadOnlySet<string> Refused => _refused;

    /// <summary>True if the daemon has ended because of a plan.</summary>
    public bool HasEndedDaemon { get; private set; }

    /// <summary>Clears the refused services: a new file may be correct.</summary>
    public void Forget()
    {
        _refused.Clear();
    }

    /// <summary>The same for one service.</summary>
    public void Forget(string service) => _refused.Remove(service);

    /// <summary>
    /// Sends the commands, and waits until they are done: first the settings of all services, and after their answers
    /// the commands that depend on them.
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

    // A refused `terminate`, for instance without the guard's code, is not repeated.
    private bool IsEndRefused(DaemonCommand command) => command.Name == "terminate" && _refused.Contains("");

    // Permanent errors. The others occur if another controller was faster.
    private static bool IsSetting(DaemonCommand command) => command.Name is not (
        "service.start" or "service.stop" or "service.delete" or "service.signal" or "service.tag" or "fd.delete");

    // True if one of them ran, or may have run.
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

                // Its answer may come before the connection ends, and after that there is no state to wait for.
                HasEndedDaemon |= command.Name == "terminate";
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
                // Another controller was faster: the next plan uses the actual state.
                log(new LogLine(LogLevel.Debug, $"{command.Fields[0]}: {problem.Message}"));
            }
            catch (Exception problem) when (problem is AnswerLostException or ConnectionClosedException)
            {
                // The next plan sees whether the command ran; after the end of the daemon there is none.
                HasEndedDaemon |= command.Name == "terminate";
                hasSucceeded = true;
            }
        }

        return hasSucceeded;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>
/// Logs the starts of services, and when they become ready, by comparing successive states. A service that does not
/// tell when it is ready is logged as up after a second: the daemon makes its process first, and learns later whether
/// its program can be executed.
/// </summary>
internal sealed class TransitionLog(Action<LogLine> log)
{
    // Instants are whole seconds, so this is one second at least.
    private const long SettlingSeconds = 2;

    private readonly Dictionary<string, (int Pid, bool IsReady)> _known = new(StringComparer.Ordinal);
    private bool _isFirst = true;

    /// <summary>Logs the changes of a state. The first state has none.</summary>
    /// <param name="state">The state.</param>
    /// <param name="graph">The services of the file.</param>
    /// <param name="now">The time.</param>
    /// <returns>When a start is to be logged that has just happened; null if there is none.</returns>
    public Instant? Tell(StateSnapshot state, ServiceGraph graph, Instant now)
    {
        Instant? next = null;
        foreach (ServiceNode node in graph.Nodes)
        {
            if (state.Services.TryGetValue(node.Name, out ServiceInfo? info)
                && info is { Phase: ServicePhase.Up, Pid: { } pid })
            {
                bool isReady = info.ReadySince is not null;
                (int Pid, bool IsReady) known = _known.GetValueOrDefault(node.Definition.Name);
                Instant settled = info.Since!.Value + SettlingSeconds;
                if (known.Pid != pid && node.Definition.Ready.Length == 0 && settled > now && !_isFirst)
                {
                    next = next < settled ? next : settled;
                    continue;
                }

                _known[node.Definition.Name] = (pid, isReady);
                if (!_isFirst)
                {
                    Tell(node, pid, isReady, known);
                }
            }
        }

        _isFirst = false;
        return next;
    }

    private void Tell(ServiceNode node, int pid, bool isReady, (int Pid, bool IsReady) known)
    {
        if (known.Pid != pid)
        {
            string word = node.Definition.Ready.Length > 0 && !isReady ? "starting" : "up";
            string needs = string.Join("", node.Definition.Needs.Select(static name => $", {name}: ready"));
            needs = needs.Length > 0 ? $", needs {needs[2..]}" : "";
            log(new LogLine(
                LogLevel.Info, string.Create(
                    CultureInfo.InvariantCulture, $"{node.Definition.Name}: {word} (PID {pid}){needs}")));
        }
        else if (isReady && !known.IsReady)
        {
            log(new LogLine(LogLevel.Info, $"{node.Definition.Name}: ready"));
        }
    }
}

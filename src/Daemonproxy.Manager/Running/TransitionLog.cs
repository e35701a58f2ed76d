using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Manager.Running;

/// <summary>Logs the starts of services, and when they become ready, by comparing successive states.</summary>
internal sealed class TransitionLog(Action<LogLine> log)
{
    private readonly Dictionary<string, (int Pid, bool IsReady)> _known = new(StringComparer.Ordinal);
    private bool _isFirst = true;

    /// <summary>Logs the changes of a state. The first state has none.</summary>
    public void Tell(StateSnapshot state, ServiceGraph graph)
    {
        foreach (ServiceNode node in graph.Nodes)
        {
            if (state.Services.TryGetValue(node.Name, out ServiceInfo? info)
                && info is { Phase: ServicePhase.Up, Pid: { } pid })
            {
                bool isReady = info.ReadySince is not null;
                (int Pid, bool IsReady) known = _known.GetValueOrDefault(node.Definition.Name);
                _known[node.Definition.Name] = (pid, isReady);
                if (!_isFirst)
                {
                    Tell(node, pid, isReady, known);
                }
            }
        }

        _isFirst = false;
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

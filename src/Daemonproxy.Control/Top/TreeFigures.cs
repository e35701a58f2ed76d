using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Top;

/// <summary>The usage of the tree of a service.</summary>
/// <param name="Processors">
/// Average processors in use since the last measurement: 1 is one full processor. Null at the first one.
/// </param>
/// <param name="Memory">Bytes in memory.</param>
/// <param name="Processes">The number of processes.</param>
internal sealed record TreeUse(double? Processors, long Memory, int Processes);

/// <summary>
/// Measures the trees of services: by their control groups if they have one, otherwise by /proc. It keeps the previous
/// measurement.
/// </summary>
internal sealed class TreeFigures(Func<ProcessTable> readProcesses, Func<int, CgroupFigures?> readGroup)
{
    private const double TicksPerSecond = 100;
    private const double MicrosecondsPerSecond = 1e6;

    private Dictionary<(int Pid, long Start), long> _ticks = [];
    private Dictionary<int, long> _groups = [];
    private TimeSpan? _last;

    /// <summary>Measures the running services, at a time of a monotonic clock.</summary>
    public Dictionary<string, TreeUse> Look(IEnumerable<ServiceView> services, TimeSpan now)
    {
        ServiceView[] running = [.. services.Where(static service => service.Pid is not null)];
        HashSet<int> roots = [.. running.Select(static service => service.Pid!.Value)];
        double? seconds = _last is { } last && now > last ? (now - last).TotalSeconds : null;
        Dictionary<int, List<ProcessFacts>> trees = roots.Count > 0 ? readProcesses().TreesOf(roots) : [];
        Dictionary<(int Pid, long Start), long> ticks = [];
        Dictionary<int, long> groups = [];
        Dictionary<string, TreeUse> uses = [];
        foreach (ServiceView service in running)
        {
            int pid = service.Pid!.Value;
            CgroupFigures? group = service.Service.Cgroup.Count > 0 ? readGroup(pid) : null;
            List<ProcessFacts> tree = trees.GetValueOrDefault(pid, []);
            long used = 0;
            foreach (ProcessFacts process in tree)
            {
                ticks[(process.Pid, process.Start)] = process.Ticks;
                used += process.Ticks - _ticks.GetValueOrDefault((process.Pid, process.Start));
            }

            double? processors = seconds is null ? null : used / TicksPerSecond / seconds;
            if (group is { CpuMicroseconds: { } time })
            {
                groups[pid] = time;
                processors = seconds is not null && _groups.TryGetValue(pid, out long before)
                    ? (time - before) / MicrosecondsPerSecond / seconds
                    : processors;
            }

            long memory = group?.Memory ?? tree.Sum(static process => process.Memory);
            uses[service.Name] = new TreeUse(processors, memory, group?.Processes ?? tree.Count);
        }

        (_ticks, _groups, _last) = (ticks, groups, now);
        return uses;
    }
}

using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Agent.Planning;

namespace Daemonproxy.Fleet.Tests.Planning;

/// <summary>The true events of a simulation: starts of processes, and reports that Redis took.</summary>
internal sealed class SimAccount
{
    private readonly Dictionary<(string, long), int> _starts = [];
    private readonly HashSet<(string, long)> _reports = [];

    /// <summary>The first promise that was broken; null if none was.</summary>
    public string? Broken { get; private set; }

    public void Start(RunTerms terms)
    {
        int count = _starts[(terms.Name, terms.Fence)] = _starts.GetValueOrDefault((terms.Name, terms.Fence)) + 1;
        if (count > 1)
        {
            Broken ??= Invariant($"{terms.Name}, run {terms.Fence}, was started {count} times");
        }
    }

    public void Note(Run run, string machine, Ownership answer)
    {
        (string, long) key = (run.Terms.Name, run.Terms.Fence);
        if (answer != Ownership.Mine)
        {
            return;
        }

        if (!_reports.Add(key))
        {
            Broken ??= Invariant($"{run.Terms.Name}, run {run.Terms.Fence}, was reported twice");
        }

        if (!_starts.ContainsKey(key) && run.End?.Status != "stopped")
        {
            Broken ??= Invariant($"{machine} reported {run.Terms.Name}, run {run.Terms.Fence}, which never ran");
        }
    }

    private static string Invariant(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

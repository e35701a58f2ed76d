using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Following;

/// <summary>A change, shown as one line of <c>events</c>.</summary>
/// <param name="Service">The service; null for a signal to the daemon.</param>
/// <param name="IsChange">True for a change; false for the current state.</param>
/// <param name="Word">The state, <c>says</c>, <c>gone</c> or <c>signal</c>.</param>
/// <param name="Detail">The rest of the line.</param>
/// <param name="At">When.</param>
internal sealed record Change(ServiceView? Service, bool IsChange, string Name, string Word, string Detail, Instant At)
{
    public Colour Colour => Service is null || Word == "says" ? Colour.None : StateWords.ColourOf(Service.State);
}

/// <summary>
/// Compares a state with the previous one, and returns the differences. More than one service differs only after events
/// were lost and everything was restated: then the current states are returned.
/// </summary>
internal sealed class ChangeLines(Func<string, bool> isChosen)
{
    private StateSnapshot _last = StateSnapshot.Empty;

    /// <summary>The differences from the previous state, in order of names.</summary>
    public List<Change> Next(StateSnapshot state, Instant now)
    {
        List<Change> changes = [];
        foreach ((ServiceName name, ServiceInfo service) in state.Services)
        {
            ServiceInfo? before = _last.Services.GetValueOrDefault(name);
            if (!ReferenceEquals(before, service) && isChosen(name.Text!))
            {
                AddService(changes, before, service, now);
            }
        }

        if (_last.Services.Count > 0)
        {
            foreach (ServiceName name in _last.Services.Keys.Where(name => !state.Services.ContainsKey(name)))
            {
                if (isChosen(name.Text!))
                {
                    changes.Add(new Change(null, true, name.Text!, "gone", "deleted", now));
                }
            }
        }

        AddSignals(changes, state);
        bool isSnapshot = ReferenceEquals(_last, StateSnapshot.Empty)
            || changes.Select(change => change.Name).Distinct().Count() > 1;
        _last = state;
        return isSnapshot ? changes.ConvertAll(change => change with { IsChange = false }) : changes;
    }

    /// <summary>The state of a service, in the words of a line.</summary>
    public static string DetailOf(ServiceView service)
    {
        if (service.Pid is { } pid)
        {
            string kill = service.Service.KillAt is { } when && when > service.Now
                ? $", SIGKILL in {DurationText.Of(when.Value - service.Now.Value)}"
                : "";
            return string.Create(CultureInfo.InvariantCulture, $"PID {pid}{kill}");
        }

        string again = service.NextStart is { } next && next > service.Now
            ? $"again in {DurationText.Of(next.Value - service.Now.Value)}"
            : "";
        string end = service.LastEnd?.LongText ?? "";
        return end.Length > 0 && again.Length > 0 ? $"{end}, {again}" : end + again;
    }

    private static void AddService(List<Change> changes, ServiceInfo? before, ServiceInfo service, Instant now)
    {
        var view = new ServiceView(service, now);
        string detail = DetailOf(view);
        ServiceView? old = before is null ? null : new ServiceView(before, now);
        if (old is null || old.State != view.State || old.Pid != view.Pid || DetailOf(old) != detail)
        {
            changes.Add(new Change(
                view, before is not null, view.Name, view.Word, detail, before is null ? view.Since ?? now : now));
        }

        if (service.Status.Length > 0 && service.Status != before?.Status)
        {
            changes.Add(new Change(view, before is not null, view.Name, "says", VisibleText.Of(service.Status), now));
        }
    }

    private void AddSignals(List<Change> changes, StateSnapshot state)
    {
        foreach ((Signal signal, SignalEvent pending) in state.Signals)
        {
            if (_last.Signals.GetValueOrDefault(signal) != pending && isChosen("-"))
            {
                string detail = string.Create(CultureInfo.InvariantCulture, $"{signal.Text}, {pending.Count} pending");
                changes.Add(new Change(null, true, "-", "signal", detail, pending.When));
            }
        }
    }
}

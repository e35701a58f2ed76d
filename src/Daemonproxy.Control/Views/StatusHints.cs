using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>The lines below the table of <c>status</c>: why a service is not well, and what to do.</summary>
internal static class StatusHints
{
    private const int Most = 10;

    /// <summary>Writes a line for each service that is not well, the bad ones first; ten at most.</summary>
    public static void Write(Output output, IReadOnlyList<ServiceView> services, IReadOnlyList<ServiceView> all)
    {
        List<ServiceView> unwell =
        [
            .. services.Where(service => service.Wellness == Wellness.Bad),
            .. services.Where(service => service.Wellness == Wellness.NotYet),
        ];
        if (unwell.Count == 0)
        {
            return;
        }

        output.WriteLine();
        int width = unwell.Take(Most).Max(service => service.Name.Length) + 2;
        foreach (ServiceView service in unwell.Take(Most))
        {
            output.WriteLine(service.Name.PadRight(width) + Of(service, all));
        }

        if (unwell.Count > Most)
        {
            int more = unwell.Count - Most;
            output.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"and {more} more: dpctl status --problems"));
        }
    }

    /// <summary>Returns why a service is not well.</summary>
    public static string Of(ServiceView service, IReadOnlyList<ServiceView> all) => service.State switch
    {
        ServiceState.Failed => OfFailed(service, all),
        ServiceState.Waiting => OfWaiting(service, all),
        ServiceState.Stopping => OfStopping(service),
        _ => OfStarting(service),
    };

    /// <summary>The readiness report that is awaited: <c>READY=1</c>.</summary>
    public static string SignOf(ServiceView service) => service.Service.Ready switch
    {
        { Flags: ReadyWays.Notify } => "READY=1",
        { Flags: ReadyWays.Exit } => "its exit with 0",
        { Fd: { } fd } => string.Create(CultureInfo.InvariantCulture, $"a newline on descriptor {fd}"),
        _ => "its check",
    };

    private static string OfFailed(ServiceView service, IReadOnlyList<ServiceView> all)
    {
        if (service.LastEnd is { Failure: { } refused } end)
        {
            string verb = refused.Step == StartStep.Execute ? "executed" : "started";
            return $"could not be {verb}: {end.FailureText}";
        }

        string? step = StepFailures.Of(service, all);
        if (service.Tag is { HasGivenUp: true } tag)
        {
            string cause = step ?? service.LastEnd?.Cause ?? "";
            return string.Create(CultureInfo.InvariantCulture, $"given up after {tag.Tries} tries")
                + (cause.Length > 0 ? $", {cause}" : "") + $": dpctl start {service.Name}";
        }

        return $"{step ?? service.LastEnd?.Text ?? "does not run"}: dpctl status {service.Name}";
    }

    private static string OfWaiting(ServiceView service, IReadOnlyList<ServiceView> all)
    {
        string next = service.NextStart is { } when
            ? $"next start in {DurationText.Of(when.Value - service.Now.Value)}"
            : "";
        if (service.Tag is { Tries: > 0 } tag)
        {
            string times = Sentence.Count(tag.Tries, "time");
            string cause = service.LastEnd is { } end ? $" with {end.Cause}" : "";
            string what = StepFailures.Of(service, all) ?? $"ended {times}{cause}";
            return $"{what}{(next.Length > 0 ? $"; {next}" : "")}: dpctl status {service.Name}";
        }

        string[] missing =
        [
            .. service.Needs.Select(need => (Name: need, View: all.FirstOrDefault(other => other.Name == need)))
                .Where(need => need.View is not { Serves: true })
                .Select(need => $"{need.Name} ({need.View?.Word ?? "not there"})"),
        ];
        return missing.Length > 0 ? $"waits for {Sentence.Join(missing)}"
            : next.Length > 0 ? next : "waits to be started";
    }

    private static string OfStopping(ServiceView service)
    {
        if (service.Pid is null)
        {
            return "has ended, and something of its tree still runs";
        }

        string asked = service.Service.StoppedSince is { } since
            ? $"was asked to end {DurationText.Of(service.Now.Value - since.Value)} ago"
            : "is being stopped by the manager";
        return service.Service.KillAt is { } kill && kill > service.Now
            ? $"{asked}; SIGKILL in {DurationText.Of(kill.Value - service.Now.Value)}"
            : asked;
    }

    private static string OfStarting(ServiceView service)
    {
        if (service.Service.Phase != ServicePhase.Up)
        {
            return "is about to be started";
        }

        string waited = DurationText.Of(service.Now.Value - (service.Service.Since?.Value ?? service.Now.Value));
        string most = service.Tag is { ReadyWithin: > 0 } tag ? $", at most {DurationText.Of(tag.ReadyWithin)}" : "";
        return $"waits {waited} for {SignOf(service)}{most}";
    }
}

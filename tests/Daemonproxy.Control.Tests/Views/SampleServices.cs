using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Tests.Views;

/// <summary>Services whose state is made up, so that every time and every PID is known.</summary>
internal static class SampleServices
{
    public const long Now = 1_000_000;

    /// <summary>Half past twelve of a day, at that moment.</summary>
    public static ClockText Clock { get; } =
        new(Now * 1000, new DateTimeOffset(new DateTime(2026, 11, 28, 12, 31, 14, DateTimeKind.Local)));

    /// <summary>The state that has them.</summary>
    public static StateSnapshot State(IEnumerable<ServiceView> services) => StateSnapshot.Empty with
    {
        Services = StateSnapshot.Empty.Services.AddRange(
            services.Select(static view => KeyValuePair.Create(view.Service.Name, view.Service))),
    };

    /// <summary>One service of each kind, in order of their names.</summary>
    public static List<ServiceView> All() =>
    [
        View(Service("cron") with
        {
            Phase = ServicePhase.Killed,
            Since = Now - 16274,
            KilledBy = Signal.Term,
            Ran = 200_000,
            StoppedSince = Now - 16274,
        }),
        View(Service("db") with
        {
            Phase = ServicePhase.Up,
            Since = Now - 11915,
            Pid = 2103,
            Ready = ReadyWays.Notify,
            ReadySince = Now - 11914,
        }, new ManagerTag { IsWanted = true }),
        View(Service("logger") with { Phase = ServicePhase.Up, Since = Now - 11915, Pid = 2101 },
            new ManagerTag { IsWanted = true }),
        View(Service("mail") with { Phase = ServicePhase.Exited, Since = Now - 16, ExitCode = 7, Ran = 1 },
            new ManagerTag { IsWanted = true, Tries = 6, Restarts = 6, Next = Now + 8 }),
        View(Service("report") with
        {
            Phase = ServicePhase.Exited,
            Since = Now - 1743,
            ExitCode = 3,
            Ran = 0,
            Failure = new ServiceFailedEvent("report", Now - 1743, StartStep.Execute, "ENOENT", "/opt/report"),
        }, new ManagerTag()),
        View(Service("web") with
        {
            Phase = ServicePhase.Up,
            Since = Now - 12,
            Pid = 4711,
            Ready = ReadyWays.Notify,
            Status = "loading 3 of 12 modules",
            Args = ["gunicorn", "app:app", "--workers", "4"],
            User = ["www-data", "www-data", "ssl-cert"],
            Directory = "/srv/web",
            Limits = ["nofile=65536", "core=0"],
            Process = ["session", "umask=027", "no-new-privs"],
            Environment = ["PORT=8080", "DATABASE_URL=secret", "LANG=C"],
            Fds = ["null", "web.out", "web.out", "http"],
        }, new ManagerTag
        {
            IsWanted = true,
            Restarts = 2,
            ReadyWithin = 30,
            Needs = "db",
            Restart = "failure,1,60,8",
            LastEnd = $"1,3,{Now - 16}",
        }),
        View(Service("web-log") with { Phase = ServicePhase.Up, Since = Now - 11915, Pid = 2100, Fds = ["web.in"] },
            new ManagerTag { IsWanted = true }),
    ];

    private static ServiceInfo Service(string name) => new(name);

    /// <summary>A service as it is shown at that moment.</summary>
    public static ServiceView View(ServiceInfo service, ManagerTag? tag = null) =>
        new(tag is null ? service : service with { Tags = [$"{ManagerTag.Key}={tag}"] }, new Instant(Now));
}

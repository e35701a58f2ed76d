using System.Collections.Generic;
using System.Diagnostics;
using System.Text;

namespace Daemonproxy.Load.Workloads;

/// <summary>
/// The time until a run begins whose service has a user, a directory, two changes of the environment and a limit,
/// beside a run without settings and one that has the same from setpriv(1), env(1) and prlimit(1). Needs root.
/// </summary>
internal sealed class SettingsOfAService(Floor floor) : Workload(
    "settings", "run", "500 runs each, by turns: bare, with five settings, with the same by chain-loading")
{
    private const int Runs = 500;
    private const string User = "65534";
    private static readonly string[] _services = ["bare", "settings", "chain"];
    private Stamps? _stamps;

    public override void Prepare(Session session)
    {
        _stamps = new Stamps(session);
        string chain = string.Join(
            '\t', "/usr/bin/prlimit", "--nofile=256:512", "/usr/bin/setpriv", "--reuid=" + User, "--regid=" + User,
            "--clear-groups", "/usr/bin/env", "-C", "/usr", "-u", "LANG", "KIND=measured", floor.Stamp);
        StringBuilder lines = new(_stamps.Lines);
        foreach (string service in _services)
        {
            string args = service == "chain" ? chain : floor.Stamp;
            lines.Append($"service.args\t{service}\t{args}\nservice.fds\t{service}\tnull\tstamps\tnull\n");
        }

        lines.Append($"service.user\tsettings\t{User}\t{User}\t-\nservice.dir\tsettings\t/usr\n")
            .Append("service.env\tsettings\tLANG\tKIND=measured\nservice.limits\tsettings\tnofile=256:512\n");
        session.First.Run(lines.ToString());
    }

    public override int Run(Session session)
    {
        List<long>[] starts = [[], [], []];
        for (int run = 0; run < Runs; run++)
        {
            for (int service = 0; service < _services.Length; service++)
            {
                byte[] start = Encoding.ASCII.GetBytes($"service.start\t{_services[service]}\n");
                starts[service].Add(Stopwatch.GetTimestamp());
                session.First.RunUntil(start, "\tdown\t"u8, 1);
            }
        }

        System.ReadOnlySpan<long> stamps = _stamps!.Read();
        for (int run = 0; run < Runs; run++)
        {
            for (int service = 0; service < _services.Length; service++)
            {
                starts[service][run] = stamps[2 * ((run * _services.Length) + service)] - starts[service][run];
            }
        }

        Find("start to first instruction, bare", starts[0]);
        Find("start to first instruction, five settings", starts[1]);
        Find("start to first instruction, chain-loaded", starts[2]);
        return _services.Length * Runs;
    }
}

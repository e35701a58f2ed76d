using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Driven = Daemonproxy.Tests.Allocation.Bench;

namespace Daemonproxy.Bench;

/// <summary>Telling everything about so many services, by as many turns as it takes.</summary>
public class DumpBenchmarks : Measured
{
    private Driven? _daemon;

    public override IEnumerable<string> Cases => ["10", "1000"];

    public override void Prepare()
    {
        const int AtOnce = 100;
        _daemon = new Driven();
        int services = int.Parse(Case, CultureInfo.InvariantCulture);
        for (int first = 0; first < services; first += AtOnce)
        {
            StringBuilder lines = new();
            for (int n = first; n < first + AtOnce && n < services; n++)
            {
                lines.Append(CultureInfo.InvariantCulture, $"service.args\tservice-{n}\t/bin/runs\t{n}\n");
            }

            _daemon.Send(_daemon.Session, Encoding.ASCII.GetBytes(lines.ToString()));
        }
    }

    public override void Clear() => _daemon?.Dispose();

    protected override void Run() => _daemon!.Send(_daemon.Session, "statedump\n"u8);
}

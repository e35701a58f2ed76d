using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Daemonproxy.Connections;
using Daemonproxy.Tests.Simulation;
using Driven = Daemonproxy.Tests.Allocation.Bench;

namespace Daemonproxy.Bench;

/// <summary>A turn in which so many controllers have sent one line each.</summary>
public class TurnBenchmarks : Measured
{
    private Driven? _daemon;

    public override IEnumerable<string> Cases => ["1", "4", "16"];

    public override void Prepare()
    {
        _daemon = new Driven();
        int controllers = int.Parse(Case, CultureInfo.InvariantCulture);
        StringBuilder services = new();
        for (int n = 1; n < controllers; n++)
        {
            services.Append(CultureInfo.InvariantCulture, $"service.args\ts{n}\t/bin/runs\n");
            services.Append(CultureInfo.InvariantCulture, $"service.fds\ts{n}\tcontrol.socket\nservice.start\ts{n}\n");
        }

        _daemon.Send(_daemon.Session, Encoding.ASCII.GetBytes(services.ToString()));
    }

    public override void Clear() => _daemon?.Dispose();

    protected override void Run()
    {
        foreach (Connection controller in _daemon!.World.Running.Connections.Used)
        {
            SimBuffer input = ((SimStream)_daemon.World.Kernel.FileOf(controller.Record.Input)!).In!;
            input.Append("echo\thello\n"u8);
        }

        _daemon.Rest();
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Kernel;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Each counted event is counted once, wherever the daemon crashes.</summary>
public sealed class CrashCountTests
{
    [Theory]
    [InlineData("launch", 1)]
    [InlineData("launch-taken", 1)]
    [InlineData("launch-read", 2)]
    [InlineData("service-change", 2)]
    [InlineData("launched", 2)]
    [InlineData("launch-told", 2)]
    public void ALaunch(string point, int spawns)
    {
        using Stage stage = Live();
        stage.Do("> service.start⇥web");
        stage.Do("> service.args⇥other⇥/bin/runs⏎service.start⇥other⏎" + $"debug.crash⇥throw⇥{point}");
        Assert.Equal([spawns, 1], Stats(stage, "spawns", "crashes"));
    }

    [Theory]
    [InlineData("service-change", "")]
    [InlineData("reaped", "")]
    [InlineData("reaped-told", "")]
    [InlineData("reaped-told", "service.auto_up⇥web⇥1000⇥always")]
    public void TheEndOfAService(string point, string command)
    {
        using Stage stage = Live();
        stage.Do("> service.start⇥web");
        stage.Do($"> {command}⏎debug.crash⇥throw⇥{point}");
        stage.Do("* web exits 4");
        Assert.Equal([1, 0, 1], Stats(stage, "reaps.services", "reaps.strangers", "crashes"));
    }

    [Fact]
    public void TheEndOfAStranger()
    {
        using Stage stage = Live();
        stage.Do("> debug.crash⇥throw⇥reaped");
        stage.World.Kernel.End(stage.World.Kernel.Adopt(), EndReason.Exited, 0);
        stage.Do("* wait 1ms");
        Assert.Equal([0, 1, 1], Stats(stage, "reaps.services", "reaps.strangers", "crashes"));
    }

    [Theory]
    [InlineData("resume-begun")]
    [InlineData("resume-checked")]
    [InlineData("resume-answered")]
    public void ACrashInAResume(string point)
    {
        using Stage stage = Live();
        stage.Do($"> debug.crash⇥throw⇥{point}⏎debug.crash⇥throw");
        Assert.Equal([2], Stats(stage, "crashes"));
    }

    private static IEnumerable<int> Stats(Stage stage, params string[] names) =>
        from line in stage.Do("> stats⇥" + string.Join('⇥', names))
        where line.StartsWith("< stats⇥", StringComparison.Ordinal)
        select int.Parse(line.Split('⇥')[2], CultureInfo.InvariantCulture);

    private static Stage Live()
    {
        Stage stage = new();
        stage.Do("* program /bin/runs");
        stage.Do("$ daemonproxy -i --debug-crash");
        stage.Do("> service.args⇥web⇥/bin/runs");
        return stage;
    }
}

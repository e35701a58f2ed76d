using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Agent.Planning;
using Xunit;

namespace Daemonproxy.Fleet.Tests.Planning;

/// <summary>The attempts of a machine that can start nothing.</summary>
public sealed class StartPauseTests
{
    [Fact]
    public void EachPauseIsTwiceAsLongAsTheLastUpToAMinute()
    {
        var pause = new StartPause();
        long now = 5;
        List<int?> lengths = [];
        for (int i = 0; i < 9; i++)
        {
            lengths.Add(pause.Fail("full", now));
            Assert.Equal(0, pause.Allowed(4, 0));
            now = pause.Until!.Value;
            pause.Wake(now - 1);
            Assert.Equal(0, pause.Allowed(4, 0));
            pause.Wake(now);
            Assert.Equal(1, pause.Allowed(4, 0));
            Assert.Equal(0, pause.Allowed(4, 1));
        }

        Assert.Equal([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000], lengths);
        Assert.Equal("full", pause.Reason);
        pause.Succeed();
        Assert.Null(pause.Reason);
        Assert.Equal(4, pause.Allowed(4, 3));
        Assert.Equal(1000, pause.Fail("full", now));
    }

    [Fact]
    public void JobsThatWereBegunTogetherAreOneTry()
    {
        var planner = new AgentPlanner(new AgentLimits(4, 10));
        for (int i = 0; i < 4; i++)
        {
            planner.Take(new RunTerms($"j{i}", "", 1), 0);
        }

        Run[] runs = [.. planner.Drain().OfType<LaunchEffect>().Select(static one => one.Run)];
        planner.EndLaunch(runs[0], LaunchResult.Unable, "full", 10);
        planner.EndLaunch(runs[1], LaunchResult.Accepted, null, 11); // It had its file before.
        planner.EndLaunch(runs[2], LaunchResult.Unable, "full", 12);
        Assert.Equal(new PauseEffect("full", 1000), Assert.Single(planner.Drain().OfType<PauseEffect>()));
        Assert.Equal((0, "full", 1010), (planner.Free, planner.Obstacle, planner.NextWake));
        planner.EndLaunch(runs[3], LaunchResult.Accepted, null, 13);
        planner.Wake(1010);
        Assert.Equal((1, "full"), (planner.Free, planner.Obstacle));
        planner.Take(new RunTerms("next", "", 2), 1011);
        Assert.Equal(0, planner.Free);
        Run next = planner.Drain().OfType<LaunchEffect>().Single().Run;
        planner.EndLaunch(next, LaunchResult.Accepted, null, 1012);
        Assert.Equal((1, null), (planner.Free, planner.Obstacle));
    }
}

using System;
using System.Linq;
using System.Text;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// A crash at every named point, in a conversation that passes them all: afterwards everything is sound, and whoever
/// believed what he was told, and asked again after an overflow, knows what is so.
/// </summary>
public sealed class CrashPointTests
{
    private static readonly string[] _setup =
    [
        "* program /bin/runs", "* program /bin/once exits 3", "* program /bin/new says daemonproxy can resume⏎",
        "* directory /run", "$ daemonproxy -i --debug-crash --service-pool 6x512", "> socket.create⇥-⇥/run/control",
        "> service.args⇥web⇥/bin/runs⏎service.ready⇥web⇥fd=3⏎service.start⇥web⏎fd.pipe⇥r⇥w⏎fd.open⇥f⇥read⇥/dev/null",
    ];

    private static readonly string[] _conversation =
    [
        "* connect one /run/control", "one> echo⇥x", "* one finishes",
        "> service.args⇥once⇥/bin/once⏎service.auto_up⇥once⇥1⇥always", "* wait 3s", "* signal SIGHUP",
        "> service.fds⇥boss⇥control.socket⏎service.args⇥boss⇥/bin/runs⏎service.start⇥boss",
        "> fd.open⇥f⇥read⇥/dev/null⏎fd.pipe⇥r⇥w2⏎fd.delete⇥w2", "* web writes 3 ⏎", "* web exits 4",
        "> service.ready⇥say⇥notify⏎service.args⇥say⇥/bin/runs⏎service.start⇥say", "* say notifies READY=1",
        "> service.start⇥web",
        "* session stalls", $"> «echo⇥{new string('e', 900)}⏎×26»", "> «stats⏎×400»", "* session reads",
        // All texts become shorter together, so that no block fits that was given back.
        .. ((int[])[480, 400, 350, 290, 230, 200, 150, 100, 90]).Select(Tags),
        $"> «echo⇥{new string('e', 900)}⏎×40»echo⇥half¬", "> s⏎nonsense", "> statedump",
        "> reexec⇥/bin/new⏎echo⇥after", "* crash",
    ];

    private static string Tags(int bytes) => "> " + string.Join(
        '⏎', ((string[])["web", "p", "q", "s", "once"]).Select(service => $"service.tags⇥{service}⇥«t×{bytes}»"));

    public static TheoryData<int, string> Points()
    {
        TheoryData<int, string> points = [];
        foreach (CrashPoint point in Enum.GetValues<CrashPoint>())
        {
            points.Add((int)point, Encoding.ASCII.GetString(point.Text()));
        }

        return points;
    }

    [Fact]
    public void AtLeastTwentyPointsExist() => Assert.InRange(Points().Count, 20, 64);

    [Theory]
    [MemberData(nameof(Points))]
    public void EachPointIsSurvived(int point, string name)
    {
        using Stage stage = new();
        SimWorld world = stage.World;
        Mirror mirror = new();
        Array.ForEach(_setup, line => Receive(stage, mirror, line));
        world.AfterTurn = () => Invariants.Check(world);
        int descriptors = world.Kernel.OpenCount;
        Receive(stage, mirror, $"> debug.crash⇥throw⇥{name}");
        foreach (string line in _conversation)
        {
            Receive(stage, mirror, line);
            Assert.Null(world.ExitCode);
            Invariants.CheckAtRest(world);
        }

        // The handler's own point is for the real one.
        bool isFired = (CrashPoint)point == CrashPoint.Handler || world.Running.Image.Header.CrashPoint == 0;
        Assert.True(isFired, $"the conversation does not pass {name}");
        mirror.StartAnew();
        Receive(stage, mirror, "> statedump");
        Assert.False(mirror.IsStale);
        Receive(stage, mirror, "> service.tags⇥web⇥new⏎service.start⇥web⏎fd.pipe⇥a⇥b");
        Mirror asked = new();
        Receive(stage, asked, "> statedump");
        Assert.Empty(mirror.DifferencesFrom(asked));
        Assert.InRange(world.Kernel.OpenCount, descriptors - 2, descriptors + 6);
    }

    private static void Receive(Stage stage, Mirror mirror, string line)
    {
        foreach (string seen in stage.Do(line).Where(seen => seen.StartsWith("< ", StringComparison.Ordinal)))
        {
            Assert.False(seen.EndsWith('¬'), $"{line}: half a line came");
            int often = seen.LastIndexOf(" (×", StringComparison.Ordinal);
            mirror.Receive(often < 0 ? seen[2..] : seen[2..often]);
        }
    }
}

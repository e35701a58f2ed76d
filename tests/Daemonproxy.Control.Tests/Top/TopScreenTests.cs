using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Tests.Views;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Top;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Top;

/// <summary>The screen of <c>top</c> for invented services, and the effect of keys.</summary>
public sealed class TopScreenTests
{
    private static readonly Instant _now = new(SampleServices.Now);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    [InlineData(60, 10)]
    [InlineData(59, 10)]
    [InlineData(60, 9)]
    public Task TheScreenFitsTheTerminal(int columns, int rows) =>
        Verifier.Verify(Shown(Model(), columns, rows), new VerifySettings().UseParameters(columns, rows));

    [Theory]
    [InlineData(80, 24, 14, 5)]
    [InlineData(200, 50, 33, 12)]
    [InlineData(60, 10, 4, 1)]
    public void ManyServicesLeaveRoomForEvents(int columns, int rows, int services, int events)
    {
        TopModel model = Model(Many(100));
        List<ScreenLine> lines = new TopScreen(model, SampleServices.Clock, columns, rows).Lines();
        Assert.Equal(rows, lines.Count);
        int rule = lines.FindIndex(static line => line.Text.EndsWith("--- events", StringComparison.Ordinal));
        Assert.Equal((services, events), (rule - 2, rows - rule - 3));
        Assert.All(lines, line => Assert.True(line.Text.Length < columns));
    }

    [Fact]
    public void TheChosenServiceIsAlwaysShown()
    {
        TopModel model = Model(Many(100));
        _ = Shown(model, 80, 24);
        foreach (KeyKind key in (KeyKind[])
            [KeyKind.End, KeyKind.Up, KeyKind.PageUp, KeyKind.PageDown, KeyKind.Home, KeyKind.Down, KeyKind.PageDown])
        {
            model.Press(new Key(key));
            string row = Shown(model, 80, 24).Split('\n').Single(line => line.StartsWith('>'));
            Assert.StartsWith($"> {model.Chosen} ", row, StringComparison.Ordinal);
        }

        Assert.Equal("job015", model.Chosen);
    }

    [Fact]
    public void ThoseThatAreNotWellAreFirstAndThenTheBusiest()
    {
        TopModel model = Model();
        Assert.Equal(["report", "mail", "web", "db", "logger", "web-log", "cron"], Names(model));
        Type(model, ">");
        Assert.Equal("ordered by MEMORY, those that are not well first", model.Message);
        Assert.Equal(["report", "mail", "web", "db", "web-log", "logger", "cron"], Names(model));
        Type(model, "<<<");
        Assert.Equal("ordered by STATE, those that are not well first", model.Message);
        Type(model, "<");
        Assert.Equal("ordered by NAME, those that are not well first", model.Message);
        Assert.Equal(["report", "mail", "web", "cron", "db", "logger", "web-log"], Names(model));
        Type(model, "<");
        Assert.Equal("ordered by SINCE, those that are not well first", model.Message);
    }

    [Fact]
    public void AStopIsAskedForAndSaysWhoNeedsTheService()
    {
        TopModel model = Model();
        Choose(model, "db");
        Assert.Null(Type(model, "x"));
        Assert.EndsWith("\nStop db, which web needs? y/n\n", Shown(model, 80, 24), StringComparison.Ordinal);
        Assert.Null(Type(model, "n"));
        Assert.Null(Type(model, "x"));
        Assert.Equal(new TopRequest(TopRequestKind.Stop, "db"), Type(model, "y"));
        Assert.Null(Type(model, "r"));
        Assert.Equal(new TopRequest(TopRequestKind.Restart, "db"), Type(model, "Y"));
        Assert.Equal(new TopRequest(TopRequestKind.Start, "db"), Type(model, "s"));
    }

    [Fact]
    public void ASignalIsTypedForAServiceThatRuns()
    {
        TopModel model = Model();
        Choose(model, "cron");
        Assert.Null(Type(model, "k"));
        Assert.Equal((TopQuestion.None, "cron does not run"), (model.Question, model.Message));
        Choose(model, "web");
        Assert.Null(Type(model, "kHUX"));
        model.Press(new Key(KeyKind.Backspace));
        Type(model, "P");
        Assert.EndsWith("\nSignal for web (HUP, TERM, 9): HUP\n", Shown(model, 80, 24), StringComparison.Ordinal);
        Assert.Equal(new TopRequest(TopRequestKind.Signal, "web", "HUP"), model.Press(new Key(KeyKind.Enter)));
        Type(model, "k");
        Assert.Null(model.Press(new Key(KeyKind.Enter)));
        Type(model, "kHUP");
        Assert.Null(model.Press(new Key(KeyKind.Escape)));
    }

    [Fact]
    public void AFilterShowsAPartAndEscapeShowsAllAgain()
    {
        TopModel model = Model();
        Type(model, "/we");
        Assert.Equal(["web", "web-log"], Names(model));
        model.Press(new Key(KeyKind.Enter));
        Assert.Contains("7", $"{model.All.Count}", StringComparison.Ordinal);
        Assert.Contains(", of these /we", Shown(model, 80, 24), StringComparison.Ordinal);
        Type(model, "/x");
        Assert.Contains("\n  No service has 'wex' in its name.\n", Shown(model, 80, 24), StringComparison.Ordinal);
        Assert.Null(model.Chosen);
        Assert.Null(Type(model, "\u0007"));
        model.Press(new Key(KeyKind.Escape));
        Assert.Equal(7, model.Services.Count);
    }

    [Fact]
    public void APageIsScrolledAndLeft()
    {
        TopModel model = Model();
        Assert.Equal(new TopRequest(TopRequestKind.Page, "report"), model.Press(new Key(KeyKind.Enter)));
        model.ShowPage(TopPage.Service, [.. Enumerable.Range(0, 40).Select(static number => $"line {number}")]);
        Assert.Contains("\nline 0\n", Shown(model, 80, 24), StringComparison.Ordinal);
        model.Press(new Key(KeyKind.End));
        Assert.Contains("\nline 39\n", Shown(model, 80, 24), StringComparison.Ordinal);
        model.ShowPage(TopPage.Service, ["short"]);
        Assert.Contains("\nshort\n", Shown(model, 80, 24), StringComparison.Ordinal);
        Assert.Null(Type(model, "q"));
        Assert.Equal(TopPage.None, model.Page);

        // An output is followed at its end.
        model.ShowPage(TopPage.Output, [.. Enumerable.Range(0, 40).Select(static number => $"line {number}")]);
        model.ShowPage(TopPage.Output, [.. Enumerable.Range(0, 50).Select(static number => $"line {number}")]);
        Assert.Contains("\nline 49\n", Shown(model, 80, 24), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutADaemonTheScreenStaysAndOnlyQWorks()
    {
        TopModel model = Model();
        model.LostSince = SampleServices.Clock;
        string[] lines = Shown(model, 80, 24).Split('\n');
        Assert.Equal("dpctl top   12:31:14   no daemon since 12:31:14, trying again", lines[0]);
        Assert.StartsWith("> report", lines[2], StringComparison.Ordinal);
        Assert.Null(Type(model, "s"));
        Assert.Null(Type(model, "x"));
        Assert.Equal(TopQuestion.None, model.Question);
        Assert.Equal(new TopRequest(TopRequestKind.Quit), Type(model, "q"));
    }

    [Fact]
    public void TheChosenServiceStaysChosenWhenTheOrderChanges()
    {
        TopModel model = Model();
        Choose(model, "logger");
        List<ServiceView> others = SampleServices.All().FindAll(static view => view.Name != "report");
        model.Update(SampleServices.State(others), _now);
        Assert.Equal("logger", model.Chosen);
        model.Update(SampleServices.State(others.FindAll(static view => view.Name != "logger")), _now);
        Assert.Equal("web-log", model.Chosen);
        model.Update(StateSnapshot.Empty, _now);
        Assert.Null(model.Chosen);
        Assert.Contains("No services.", Shown(model, 80, 24), StringComparison.Ordinal);
    }

    private static string[] Names(TopModel model) => [.. model.Services.Select(static service => service.Name)];

    private static TopRequest? Type(TopModel model, string keys)
    {
        TopRequest? request = null;
        foreach (char key in keys)
        {
            request = model.Press(new Key(KeyKind.Character, key));
        }

        return request;
    }

    private static void Choose(TopModel model, string name)
    {
        model.Press(new Key(KeyKind.Home));
        while (model.Chosen != name)
        {
            string? before = model.Chosen;
            model.Press(new Key(KeyKind.Down));
            Assert.NotEqual(before, model.Chosen);
        }
    }

    private static List<ServiceView> Many(int count) =>
    [
        .. Enumerable.Range(0, count).Select(static number => SampleServices.View(
            new ServiceInfo($"job{number:D3}") with
            {
                Phase = ServicePhase.Up, Since = SampleServices.Now - number, Pid = 3000 + number,
            })),
    ];

    private static TopModel Model(List<ServiceView>? services = null)
    {
        var model = new TopModel
        {
            Socket = "/run/daemonproxy.sock",
            Uses = new Dictionary<string, TreeUse>
            {
                ["web"] = new(0.87, 128 << 20, 5),
                ["db"] = new(0.03, 96 << 20, 9),
                ["logger"] = new(0, 1126 << 10, 1),
                ["web-log"] = new(null, 2 << 20, 1),
            },
        };
        model.Update(SampleServices.State(services ?? SampleServices.All()), _now);
        return model;
    }

    private static string Shown(TopModel model, int columns, int rows) => string.Concat(
        new TopScreen(model, SampleServices.Clock, columns, rows).Lines().Select(static line => $"{line.Text}\n"));
}

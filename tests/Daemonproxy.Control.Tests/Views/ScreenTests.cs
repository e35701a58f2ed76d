using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Views;

/// <summary>Screens of services whose state is made up, so that every time and every PID is known.</summary>
public sealed class ScreenTests
{
    private const long Now = SampleServices.Now;

    private static readonly ClockText _clock = SampleServices.Clock;

    [Fact]
    public Task TheTableShowsEachStateOnOneLine() => Verifier.Verify(Table(null));

    [Theory]
    [InlineData(80)]
    [InlineData(72)]
    [InlineData(60)]
    [InlineData(40)]
    [InlineData(20)]
    public Task TheTableLeavesColumnsOutAndSaysSo(int columns) =>
        Verifier.Verify(Table(columns), new VerifySettings().UseParameters(columns));

    [Fact]
    public Task TheHintsSayWhatIsWrong()
    {
        List<ServiceView> all = SampleServices.All();
        return Verifier.Verify(Written(output => StatusHints.Write(output, all, all)));
    }

    [Fact]
    public void TheHintsAreTenAndNameTheVerbForTheOthers()
    {
        List<ServiceView> all =
        [
            .. Enumerable.Range(0, 41).Select(number => SampleServices.View(new ServiceInfo($"job{number:D2}") with
            {
                Phase = ServicePhase.Exited, Since = Now - 5, ExitCode = 1, Ran = 5,
            })),
        ];
        string[] lines = Written(output => StatusHints.Write(output, all, all)).Split('\n');
        Assert.Equal("and 31 more: dpctl status --problems", lines[^2]);
        Assert.Equal(1 + 10 + 1 + 1, lines.Length);
    }

    [Fact]
    public Task ThePageShowsWhatDiffersFromTheDefault()
    {
        List<ServiceView> all = SampleServices.All();
        var state = StateSnapshot.Empty with
        {
            Services = StateSnapshot.Empty.Services.AddRange(
                all.Select(view => KeyValuePair.Create(view.Service.Name, view.Service))),
            Fds = StateSnapshot.Empty.Fds
                .Add("web.out", new FdStateWriterEvent("web.out", default, (FdName)"web.in"))
                .Add("web.in", new FdStateReaderEvent("web.in", default, (FdName)"web.out"))
                .Add("http", new FdStateSocketEvent(
                    "http", SocketFlags.Inet | SocketFlags.Stream | SocketFlags.Bind | SocketFlags.Listen, "*:80"))
                .Add("null", new FdStateSpecialEvent("null", default, "")),
        };
        var page = new Func<Output, ServicePage>(output =>
            new ServicePage(output, new DaemonReading(state, null, null), all, _clock));
        return Verifier.Verify(Written(output =>
            page(output).Write(all.Find(view => view.Name == "web")!, hasValues: false)));
    }

    [Fact]
    public void WordsFromOutsideCannotControlTheTerminal()
    {
        Assert.Equal(@"a\x1b[31mb\xff", VisibleText.Of("a\x1b[31mb\uDCFF"));
        Assert.Equal(@"\xe2\x80\xae", VisibleText.Of("\u202E"));
        Assert.Equal(@"\xffé", VisibleText.Of([0xFF, 0xC3, 0xA9]));
    }

    private static string Table(int? columns)
    {
        var table = new StatusTable(SampleServices.All(), _clock);
        if (columns is { } width)
        {
            table.Fit(width);
        }

        string hidden = table.Hidden;
        return Written(table.Write) + (hidden.Length > 0 ? $"not shown: {hidden} (--wide)\n" : "");
    }

    // An output that goes to a file.
    private static string Written(Action<Output> write)
    {
        string path = Path.GetTempFileName();
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var output = new Output((int)file.DangerousGetHandle());
            write(output);
            output.Flush();
        }

        string text = File.ReadAllText(path, Encoding.UTF8);
        File.Delete(path);
        return text;
    }
}

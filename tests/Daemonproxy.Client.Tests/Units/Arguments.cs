using System;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>The lines that methods send for their arguments, and the arguments that they refuse.</summary>
public sealed class Arguments : IAsyncDisposable
{
    private readonly Peer _peer = new();

    private DaemonConnection Daemon => _peer.Connection;

    [Fact]
    public void AValueHasTheWordOfTheProtocol()
    {
        Assert.Equal("no-new-privs", StartStep.NoNewPrivs.Word());
        Assert.Equal("gc.allocated", Counter.GcAllocated.Word());
        Assert.All(Enum.GetValues<StartStep>(), step =>
        {
            Assert.True(StartStepWords.TryParse(Encoding.ASCII.GetBytes(step.Word()), out StartStep read));
            Assert.Equal(step, read);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => ((StartStep)999).Word());
    }

    [Fact]
    public async Task FieldsAreSentInTheOrderOfTheSpec()
    {
        _ = Daemon.ServiceArgsAsync("web", "/bin/echo", "", "a b");
        _ = Daemon.ServiceFdsAsync("web", "null", ServiceFdsFdsArgument.Dash, "log.w");
        _ = Daemon.ServiceAutoUpAsync("web", 2, Signal.Usr1, ServiceAutoUpTriggersArgument.Always);
        _ = Daemon.ServiceAutoUpAsync("web", ServiceAutoUpIntervalArgument.Dash);
        _ = Daemon.ServiceStartAsync("web");
        _ = Daemon.ServiceStartAsync("web", new Instant(1200));
        _ = Daemon.ServiceStartAsync("web", ServiceStartWhenArgument.Dash);
        _ = Daemon.ServiceSignalAsync("web", Signal.Named("HUP"), SignalOptions.Group);
        _ = Daemon.ServiceSignalAsync("web", Signal.Numbered(34));
        _ = Daemon.FdOpenAsync("f", FileFlags.Write | FileFlags.Append | FileFlags.Create, "/tmp/ä");
        _ = Daemon.FdOpenAsync("f", FileFlags.None, "/x");
        _ = Daemon.FdOpenAsync(
            "f", new FileFlagSet(FileFlags.Create | FileFlags.Mode | FileFlags.Owner, 0x1A0, "www-data:adm"), "/x");
        _ = Daemon.FdPipeAsync("r", "w");
        _ = Daemon.FdPipeAsync("r", "w", PipeFlags.Tcp);
        _ = Daemon.FdSocketAsync("s", new SocketFlagSet(SocketFlags.Tcp | SocketFlags.Listen, 5), "*:80");
        _ = Daemon.FdSocketAsync("s", SocketFlags.Unix);
        _ = Daemon.TerminateGuardAsync(TerminateGuardOperationArgument.Plus, 7);
        _ = Daemon.LogDestAsync("stderr");
        _ = Daemon.LogFilterAsync(LogLevel.Warning);
        _ = Daemon.SocketCreateAsync(SocketCreateOptionsArgument.Empty, "/s");
        _ = Daemon.StatsAsync(Counter.Turns, Counter.GcAllocated);
        _ = Daemon.EchoAsync("a", "b");
        _ = Daemon.RunAsync("new.command", "a", "");
        string[] expected =
        [
            "service.args⇥web⇥/bin/echo⇥⇥a b", "service.fds⇥web⇥null⇥-⇥log.w", "service.auto_up⇥web⇥2⇥SIGUSR1⇥always",
            "service.auto_up⇥web⇥-", "service.start⇥web", "service.start⇥web⇥1200", "service.start⇥web⇥-",
            "service.signal⇥web⇥SIGHUP⇥group", "service.signal⇥web⇥34", "fd.open⇥f⇥write,append,create⇥/tmp/ä",
            "fd.open⇥f⇥⇥/x", "fd.open⇥f⇥create,mode=0640,owner=www-data:adm⇥/x",
            "fd.pipe⇥r⇥w", "fd.pipe⇥r⇥w⇥inet,stream", "fd.socket⇥s⇥inet,stream,listen=5⇥*:80",
            "fd.socket⇥s⇥unix", "terminate.guard⇥+⇥7", "log.dest⇥fd⇥stderr", "log.filter⇥warning",
            "socket.create⇥⇥/s", "stats⇥turns⇥gc.allocated", "echo⇥a⇥b", "new.command⇥a⇥",
        ];
        foreach (string line in expected)
        {
            Assert.Equal(line, await _peer.TakeCommandAsync());
        }
    }

    [Theory]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public void NoFieldCanBecomeTwoNorALineTwoLines(string text)
    {
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ServiceArgsAsync("web", "a", text); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ChdirAsync(text); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.EchoAsync(text); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.RunAsync("new", text); });
    }

    [Fact]
    public void HalfACharacterIsNoText() =>
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ChdirAsync("half \uD83D"); });

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a\t")]
    [InlineData("12345678901234567890123456789012")]
    public void ANameHasTheFormOfAName(string text)
    {
        Assert.Throws<ArgumentException>(() => new ServiceName(text));
        Assert.Throws<ArgumentException>(() => { _ = (FdName)text; });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ServiceFdsAsync("web", text); });
        Assert.False(ServiceName.TryParse(text, out _));
    }

    [Fact]
    public void ValuesThatWereNeverSetAreNotSent()
    {
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ServiceDeleteAsync(default); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.SignalClearAsync(default, 1); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ServiceAutoUpAsync("web", default); });
        Assert.Throws<ArgumentNullException>(() => { _ = Daemon.FdTakeAsync(null!, "f"); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ChdirAsync(null!); });
    }

    [Fact]
    public void NumbersHaveTheBoundsOfTheSpec()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Daemon.ServiceAutoUpAsync("web", 0); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Daemon.ServiceAutoUpAsync("web", 2147483648); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Daemon.ConnEventTimeoutAsync(-1, 2); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Daemon.SignalClearAsync(Signal.Hup, -1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = Daemon.LogFilterAsync((LogLevel)99); });
        Assert.Throws<ArgumentOutOfRangeException>(() => Signal.Numbered(65536));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => { _ = Daemon.FdSocketAsync("s", new SocketFlagSet(SocketFlags.Listen, 65536)); });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => { _ = Daemon.FdSocketAsync("s", new SocketFlagSet(SocketFlags.Mode, Mode: 0x200)); });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => { _ = Daemon.FdSocketAsync("s", new SocketFlagSet(SocketFlags.Owner, Owner: "")); });
        Assert.Throws<ArgumentException>(
            () => { _ = Daemon.FdSocketAsync("s", new SocketFlagSet(SocketFlags.Owner, Owner: "a,b")); });
    }

    [Fact]
    public async Task TheLongestLineIsSentAndNoLongerOne()
    {
        // service.tags, TAB, x, TAB, text, LF
        string text = new('t', ProtocolLimits.Line - "service.tags\tx\t\n".Length);
        _ = Daemon.ServiceTagsAsync("x", text);
        Assert.Equal("service.tags⇥x⇥" + text, await _peer.TakeCommandAsync());
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ServiceTagsAsync("x", text + "t"); });
        Assert.Throws<ArgumentException>(() => { _ = Daemon.ServiceTagsAsync("x", text[1..] + "ä"); });
    }

    [Fact]
    public void OnlyAUnixSocketTakesADescriptorAlong()
    {
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(0, ownsHandle: false);
        Assert.Throws<NotSupportedException>(() => { _ = Daemon.FdTakeAsync(handle, "f"); });
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();
}

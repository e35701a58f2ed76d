extern alias daemon;

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using daemon::Daemonproxy.Protocol;
using Daemonproxy.Client.Tests.Harness;
using Xunit;
using Theirs = daemon::Daemonproxy.Protocol;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>The client reads what the daemon writes: every writer of events of the daemon.</summary>
public class RoundTrip
{
    private delegate void Writer(ref LineWriter line);

    // The writers of settings of services.
    private static readonly Dictionary<string, (Writer Write, DaemonEvent Read)> _settings = new()
    {
        [nameof(Events.ServiceEnv)] = (
            (ref line) => Events.ServiceEnv(ref line, Name, "-\tA=1"u8), new ServiceEnvEvent("it", ["-", "A=1"])),
        [nameof(Events.ServiceDir)] = (
            (ref line) => Events.ServiceDir(ref line, Name, "/srv"u8), new ServiceDirEvent("it", "/srv")),
        [nameof(Events.ServiceRoot)] = (
            (ref line) => Events.ServiceRoot(ref line, Name, "/jail"u8), new ServiceRootEvent("it", "/jail")),
        [nameof(Events.ServiceUser)] = (
            (ref line) => Events.ServiceUser(ref line, Name, "ann\t-"u8), new ServiceUserEvent("it", ["ann", "-"])),
        [nameof(Events.ServiceLimits)] = (
            (ref line) => Events.ServiceLimits(ref line, Name, "core=0"u8), new ServiceLimitsEvent("it", ["core=0"])),
        [nameof(Events.ServiceProcess)] = (
            (ref line) => Events.ServiceProcess(ref line, Name, "nice=1"u8), new ServiceProcessEvent("it", ["nice=1"])),
        [nameof(Events.ServiceMounts)] = (
            (ref line) => Events.ServiceMounts(ref line, Name, "dev\tro=/"u8),
            new ServiceMountsEvent("it", ["dev", "ro=/"])),
        [nameof(Events.ServiceArgsFrom)] = (
            (ref line) => Events.ServiceArgsFrom(ref line, Name, "fd"u8), new ServiceArgsFromEvent("it", "fd")),
        [nameof(Events.ServiceEnvFrom)] = (
            (ref line) => Events.ServiceEnvFrom(ref line, Name, "fd"u8), new ServiceEnvFromEvent("it", "fd")),
        [nameof(Events.ServiceCgroup)] = (
            (ref line) => Events.ServiceCgroup(ref line, Name, "web\tpids.max=9"u8),
            new ServiceCgroupEvent("it", ["web", "pids.max=9"])),
        [nameof(Events.ServiceReadyOn)] = (
            (ref line) => Events.ServiceReadyOn(ref line, Name, new(Theirs.ReadyWays.Fd, 3)),
            new ServiceReadyOnEvent("it", new(ReadyWays.Fd, 3))),
        [nameof(Events.ServiceReadyOff)] = (
            (ref line) => Events.ServiceReadyOff(ref line, Name), new ServiceReadyOffEvent("it")),
        [nameof(Events.ServiceReadyStore)] = (
            (ref line) => Events.ServiceReadyStore(
                ref line, Name, new(Theirs.ReadyWays.Notify, 0), new(Theirs.ReadyOptions.Store, 2)),
            new ServiceReadyStoreEvent("it", new(ReadyWays.Notify), new(ReadyOptions.Store, 2))),
        [nameof(Events.ServiceReadyStoreOnly)] = (
            (ref line) => Events.ServiceReadyStoreOnly(ref line, Name, new(Theirs.ReadyOptions.Store, 2)),
            new ServiceReadyStoreOnlyEvent("it", new(ReadyOptions.Store, 2))),
        [nameof(Events.ServiceIsReadyReady)] = (
            (ref line) => Events.ServiceIsReadyReady(ref line, Name, When), new ServiceIsReadyReadyEvent("it", Then)),
        [nameof(Events.ServiceIsReadyWithdrawn)] = (
            (ref line) => Events.ServiceIsReadyWithdrawn(ref line, Name), new ServiceIsReadyWithdrawnEvent("it")),
        [nameof(Events.ServiceStatus)] = (
            (ref line) => Events.ServiceStatus(ref line, Name, "fine"u8), new ServiceStatusEvent("it", "fine")),
        [nameof(Events.ServiceWatchdog)] = (
            (ref line) => Events.ServiceWatchdog(ref line, Name, When), new ServiceWatchdogEvent("it", Then)),
        [nameof(Events.ServiceStopKill)] = (
            (ref line) => Events.ServiceStopKill(ref line, Name, When, When),
            new ServiceStopKillEvent("it", Then, Then)),
        [nameof(Events.ServiceStopHeld)] = (
            (ref line) => Events.ServiceStopHeld(ref line, Name, When), new ServiceStopHeldEvent("it", Then)),
        [nameof(Events.ServiceStopLifted)] = (
            (ref line) => Events.ServiceStopLifted(ref line, Name), new ServiceStopLiftedEvent("it")),
        [nameof(Events.ServiceEmpty)] = (
            (ref line) => Events.ServiceEmpty(ref line, Name, When), new ServiceEmptyEvent("it", Then)),
        [nameof(Events.ServiceListenOn)] = (
            (ref line) => Events.ServiceListenOn(ref line, Name), new ServiceListenOnEvent("it")),
        [nameof(Events.ServiceListenOff)] = (
            (ref line) => Events.ServiceListenOff(ref line, Name), new ServiceListenOffEvent("it")),
    };

    // Of control sockets; the one without a name is called `-`.
    private static readonly Dictionary<string, (Writer Write, DaemonEvent Read)> _ofSockets = new()
    {
        [nameof(Events.SocketStatePlain)] = (
            (ref line) => Events.SocketStatePlain(ref line, default, "/run/s"u8),
            new SocketStatePlainEvent(null, "/run/s")),
        [nameof(Events.SocketStateDeleted)] = (
            (ref line) => Events.SocketStateDeleted(ref line, Name), new SocketStateDeletedEvent((SocketName)"it")),
        [nameof(Events.SocketStateOpen)] = (
            (ref line) => Events.SocketStateOpen(
                ref line, Name,
                new(Theirs.SocketOptions.Name | Theirs.SocketOptions.Max, "it"u8, 0, default, default, default, default,
                    default, 5, 0),
                "/run/s"u8),
            new SocketStateOpenEvent(
                (SocketName)"it", new(SocketOptions.Name | SocketOptions.Max, Name: "it", Max: 5), "/run/s")),
    };

    // Each other writer of the daemon, with the events that it must be read as.
    private static readonly Dictionary<string, (Writer Write, DaemonEvent Read)> _others = new()
    {
        [nameof(Events.Raw)] = ((ref line) => Events.Raw(ref line, "a\tb"u8), new UnknownEvent("a\tb")),
        [nameof(Events.Error)] = ((ref line) => Events.Error(ref line, "a\tb"u8), new ErrorEvent("a\tb")),
        [nameof(Events.Warning)] = ((ref line) => Events.Warning(ref line, "a b"u8), new WarningEvent("a b")),
        [nameof(Events.Info)] = ((ref line) => Events.Info(ref line, ""u8), new InfoEvent("")),
        [nameof(Events.Overflow)] = ((ref line) => Events.Overflow(ref line), new OverflowEvent()),
        [nameof(Events.LogFilter)] = (
            (ref line) => Events.LogFilter(ref line, Theirs.LogLevel.Fatal), new LogFilterEvent(LogLevel.Fatal)),
        [nameof(Events.Stats)] = (
            (ref line) => Events.Stats(ref line, Theirs.Counter.ReapsStrangers, long.MinValue),
            new StatsEvent(Counter.ReapsStrangers, long.MinValue)),
        [nameof(Events.Signal)] = (
            (ref line) => Events.Signal(ref line, new(33), When, long.MaxValue),
            new SignalEvent(Signal.Unnamed, Then, long.MaxValue)),
        [nameof(Events.FdStateFile)] = (
            (ref line) => Events.FdStateFile(
                ref line, Name, new((Theirs.FileFlags)0x1FF, 0x1A0, "daemon:ä"u8), "/x"u8),
            new FdStateFileEvent("it", new((FileFlags)0x1FF, 0x1A0, "daemon:ä"), "/x")),
        [nameof(Events.FdStateReader)] = (
            (ref line) => Events.FdStateReader(ref line, Name, Theirs.PipeEndFlags.Nonblock, Name),
            new FdStateReaderEvent("it", PipeEndFlags.Nonblock, (FdName)"it")),
        [nameof(Events.FdStateWriter)] = (
            (ref line) => Events.FdStateWriter(ref line, Name, Theirs.PipeEndFlags.None, default),
            new FdStateWriterEvent("it", PipeEndFlags.None, null)),
        [nameof(Events.FdStatePair)] = (
            (ref line) => Events.FdStatePair(
                ref line, Name, Theirs.PipeFlags.Unix | Theirs.PipeFlags.Seqpacket, Name),
            new FdStatePairEvent("it", PipeFlags.Unix | PipeFlags.Seqpacket, (FdName)"it")),
        [nameof(Events.FdStateSocket)] = (
            (ref line) => Events.FdStateSocket(
                ref line, Name,
                new(Theirs.SocketFlags.Inet6 | Theirs.SocketFlags.Listen | Theirs.SocketFlags.Mode, 65535, 7, default),
                "[::1]:1"u8),
            new FdStateSocketEvent(
                "it", new(SocketFlags.Inet6 | SocketFlags.Listen | SocketFlags.Mode, 65535, 7), "[::1]:1")),
        [nameof(Events.FdStateSpecial)] = (
            (ref line) => Events.FdStateSpecial(ref line, Name, default, ""u8),
            new FdStateSpecialEvent("it", FileFlags.None, "")),
        [nameof(Events.FdStateDeleted)] = (
            (ref line) => Events.FdStateDeleted(ref line, Name), new FdStateDeletedEvent("it")),
        [nameof(Events.ServiceArgs)] = (
            (ref line) => Events.ServiceArgs(ref line, Name, "/bin/x\t\ty"u8),
            new ServiceArgsEvent("it", ["/bin/x", "", "y"])),
        [nameof(Events.ServiceTags)] = (
            (ref line) => Events.ServiceTags(ref line, Name, "\t"u8), new ServiceTagsEvent("it", ["", ""])),
        [nameof(Events.ServiceFds)] = (
            (ref line) => Events.ServiceFds(ref line, Name, "null\t-"u8), new ServiceFdsEvent("it", ["null", "-"])),
        [nameof(Events.ServiceAutoUpOn)] = (
            (ref line) => Events.ServiceAutoUpOn(ref line, Name, new(5), "always"u8),
            new ServiceAutoUpOnEvent("it", 5, ["always"])),
        [nameof(Events.ServiceAutoUpOff)] = (
            (ref line) => Events.ServiceAutoUpOff(ref line, Name), new ServiceAutoUpOffEvent("it")),
        [nameof(Events.ServiceFailed)] = (
            (ref line) => Events.ServiceFailed(
                ref line, Name, When, Theirs.StartStep.Execute, "ENOENT"u8, "/bin/x"u8),
            new ServiceFailedEvent("it", Then, StartStep.Execute, "ENOENT", "/bin/x")),
        [nameof(Events.ServiceStateWaiting)] = (
            (ref line) => Events.ServiceStateWaiting(ref line, Name, When), new ServiceStateWaitingEvent("it", Then)),
        [nameof(Events.ServiceStateUp)] = (
            (ref line) => Events.ServiceStateUp(ref line, Name, When, new(int.MaxValue), new(8)),
            new ServiceStateUpEvent("it", Then, int.MaxValue, 8)),
        [nameof(Events.ServiceStateExited)] = (
            (ref line) => Events.ServiceStateExited(ref line, Name, When, new(2), 255, new(8), new(9)),
            new ServiceStateExitedEvent("it", Then, 2, 255, 8, 9)),
        [nameof(Events.ServiceStateKilled)] = (
            (ref line) => Events.ServiceStateKilled(ref line, Name, When, new(2), new(9), new(8), new(9)),
            new ServiceStateKilledEvent("it", Then, 2, Signal.Kill, 8, 9)),
        [nameof(Events.ServiceStateNever)] = (
            (ref line) => Events.ServiceStateNever(ref line, Name), new ServiceStateNeverEvent("it")),
        [nameof(Events.ServiceStateDeleted)] = (
            (ref line) => Events.ServiceStateDeleted(ref line, Name), new ServiceStateDeletedEvent("it")),
    };

    private static readonly Dictionary<string, (Writer Write, DaemonEvent Read)> _events =
        new(_settings.Concat(_ofSockets).Concat(_others));

    private static Theirs.Name Name => Theirs.Name.Trusted("it"u8);

    private static Theirs.Instant When => Theirs.Instant.FromWholeSeconds(12345678);

    private static Instant Then => new(12345678);

    [Fact]
    public void EveryWriterOfTheDaemonIsRead()
    {
        byte[] buffer = new byte[Limits.LongestEvent];
        foreach ((string name, (Writer write, DaemonEvent expected)) in _events)
        {
            var line = new LineWriter(buffer);
            write(ref line);
            ReadOnlySpan<byte> written = line.Written;
            Assert.Equal((byte)'\n', written[^1]);
            Assert.True(expected == EventParser.Read(written[..^1]), $"{name}: {EventParser.Read(written[..^1])}");
        }
    }

    [Fact]
    public void NoWriterOfTheDaemonIsLeftOut()
    {
        IEnumerable<string> writers = typeof(Events)
            .GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Where(method => method.GetParameters() is [{ ParameterType.IsByRef: true }, ..])
            .Select(method => method.Name)
            .Where(name => !name.StartsWith("Warning", StringComparison.Ordinal) || name == nameof(Events.Warning));
        string[] missing = [.. writers.Except(_events.Keys)];
        Assert.True(
            missing.Length == 0,
            "tests/Daemonproxy.Client.Tests/Units/RoundTrip.cs does not read every event: add to _events\n"
            + string.Join('\n', missing.Select(name =>
                $"[nameof(Events.{name})] = ((ref line) => Events.{name}(ref line, Name), new {name}Event(\"it\")),"))
            + "\nwith a value for each field");
    }

    /// <summary>The client's model has everything that a statedump restates.</summary>
    [Fact]
    public void EveryEventOfAStatedumpChangesTheModel()
    {
        byte[] page = File.ReadAllBytes(Path.Combine(Repository.Root, "docs", "protocol.json"));
        using JsonDocument protocol = JsonDocument.Parse(page);
        JsonElement statedump = protocol.RootElement.GetProperty("commands").EnumerateArray().Single(
            command => command.GetProperty("name").ValueEquals("statedump"));
        string[] streamed =
            [.. statedump.GetProperty("streams").EnumerateArray().Select(name => name.GetString()!)];
        Assert.NotEmpty(streamed);
        byte[] buffer = new byte[Limits.LongestEvent];
        var changing = new HashSet<string>();
        foreach ((Writer write, DaemonEvent read) in _events.Values)
        {
            var line = new LineWriter(buffer);
            write(ref line);
            if (Changes(read))
            {
                changing.Add(WireText.From(line.Written).Split('\t')[0]);
            }
        }

        string[] missing = [.. streamed.Except(changing)];
        Assert.True(
            missing.Length == 0,
            $"The client's model ignores {string.Join(", ", missing)}: add a case to State/StateReducer.cs, and what "
            + "it sets to State/ServiceInfo.cs of src/Daemonproxy.Client");
    }

    // A service that is only mentioned is no change.
    private static bool Changes(DaemonEvent read)
    {
        var reducer = new StateReducer(StateSnapshot.Empty);
        reducer.Apply(read, out _);
        StateSnapshot state = reducer.Snapshot;
        return !state.Fds.IsEmpty || !state.Signals.IsEmpty || !state.Sockets.IsEmpty
            || state.Services.Values.Any(service => service != new ServiceInfo(service.Name));
    }

    [Fact]
    public void EveryErrorOfTheDaemonIsKnownByItsText()
    {
        Assert.Equal(
            Enum.GetNames<ErrorId>().Where(name => name != nameof(ErrorId.None)).Order(),
            Enum.GetNames<ErrorKind>().Where(name => name != nameof(ErrorKind.Other)).Order());
        byte[] buffer = new byte[Limits.LongestErrorText];
        var line = new LineWriter(buffer);
        Errors.Write(Errors.CannotKillGroup(Name, new Pid(77), (Errno)1), ref line);
        string text = WireText.From(line.Written);
        Assert.Equal("can't kill it (pgid 77): Operation not permitted", text);
        Assert.Equal(ErrorKind.CannotKillGroup, ErrorTexts.Find(text));
        Assert.Equal(ErrorKind.CannotKill, ErrorTexts.Find(text.Replace("pgid", "pid", StringComparison.Ordinal)));
        Assert.Equal(ErrorKind.ServiceUnknown, ErrorTexts.Find("No such service"));
        Assert.Equal(ErrorKind.Other, ErrorTexts.Find("Unknown command: x"));

        // Cut in the middle of the word that it is made with.
        string cut = ("unknown flag \"" + new string('x', 100))[..Limits.ErrorText];
        Assert.Equal(ErrorKind.UnknownFlag, ErrorTexts.Find(cut));
    }
}

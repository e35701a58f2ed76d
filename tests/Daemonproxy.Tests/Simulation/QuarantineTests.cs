using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.State;
using Daemonproxy.Tests.Transcripts;
using Daemonproxy.Upgrade;
using Daemonproxy.Upgrade.Checking;
using Xunit;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// A record of the image that makes no sense is not believed after a crash, and the log says which one it was, and what
/// was wrong with it.
/// </summary>
public sealed class QuarantineTests
{
    private const string Crashed = "log: error: daemonproxy crashed "
        + "(failed assertion or exception, step logging) and resumed";

    private static readonly string[] _life =
    [
        "* program /bin/runs", "* directory /run", "$ daemonproxy -i -S /run/control",
        "> service.args⇥web⇥/bin/runs⏎service.start⇥web⏎service.args⇥db⇥/bin/runs⏎service.start⇥db",
        "> service.tags⇥idle⇥one⏎fd.open⇥f⇥write,create⇥/run/f⏎fd.open⇥g⇥write,create⇥/run/g",
        "> service.fds⇥boss⇥control.socket⏎service.args⇥boss⇥/bin/runs⏎service.start⇥boss",
        "* signal SIGHUP",
    ];

    private static readonly Dictionary<string, Action<Picture>> _damages = new()
    {
        ["setting 0: a time is out of range"] = p => p.Settings.Started = new Instant(long.MaxValue),
        ["setting 0: the text is not valid"] = p =>
            p.Settings.ExecArgs = FixedText.From("a\0b"u8),
        ["counter 2 'commands': a number is out of range"] = p => p.Counters[(int)Counter.Commands] = -1,
        ["signal 1 'SIGHUP': the counts contradict each other"] = p => p.Signal(Signal.SIGHUP).Announced = 7,
        ["signal 1 'SIGHUP': a time is out of range"] = p => p.Signal(Signal.SIGHUP).Last = long.MaxValue,
        ["log 0: a range is outside of its buffer"] = p => p.Log.Waiting.End = 5000,
        ["log 0: the state is unknown"] = p => p.Log.Filter = (LogLevel)77,
        ["log 0: a number is out of range"] = p => p.Log.Lost = -1,
        ["log 0: the name is not valid"] = p => p.Log.Destination = default,
        ["service 0: the name is not valid"] = p => p.Service(0).Name = default,
        ["service 0 'idle': another record has the same name"] = p => p.Service(0).Name = p.Service(2).Name,
        ["service 0 'web': the state is unknown"] = p => p.Service(0).State = (ServiceState)99,
        ["service 0 'web': a number is out of range"] = p => p.Service(0).Interval = -1,
        ["service 0 'web': a time is out of range"] = p => p.Service(0).Since = new Instant(long.MaxValue),
        ["service 1 'db': a time is out of range"] = p => p.Service(1).Started = Instant.None,
        ["service 2 'idle': a time is out of range"] = p =>
            (p.Service(2).State, p.Service(2).Due) = (ServiceState.Waiting, Instant.None),
        ["service 2 'idle': a number is out of range"] = p => p.Service(2) = p.Service(2) with
        {
            State = ServiceState.Exited,
            Value = 256,
            Since = default,
            Started = default,
        },
        ["service 0 'web': the process ID is not valid"] = p => p.Service(0).Pid = default,
        ["service 0 'web': another record has the same process"] = p => p.Service(0).Pid = p.Service(1).Pid,
        ["service 0 'web': the process is not a child of the daemon"] = p => p.Service(0).Pid = new Pid(77_777),
        ["service 2 'idle': the process ID is not valid"] = p => p.Service(2).Pid = new Pid(-1),
        ["service 0 'web': the text is not valid"] = p =>
            p.Service(0).Text = new TextRef(3, 17),
        ["service 0 'web': another record has the same text"] = p => p.Service(0).Text = p.Service(1).Text,
        ["descriptor 7: the name is not valid"] = p => p.Fd(7).Name = default,
        ["descriptor 7 'g': another record has the same name"] = p => p.Fd(7).Name = p.Fd(8).Name,
        ["descriptor 7 'f': the state is unknown"] = p => p.Fd(7).Type = (FdType)99,
        ["descriptor 7 'f': a number is out of range"] = p => p.Fd(7).Backlog = -1,
        ["descriptor 7 'f': the descriptor is closed or another file"] = p => p.Fd(7).Identity.Inode++,
        ["descriptor 7 'f': another record has the same descriptor"] = p =>
            (p.Fd(7).Number, p.Fd(7).Identity) = (p.Fd(8).Number, p.Fd(8).Identity),
        ["descriptor 7 'f': the text is not valid"] = p => p.Fd(7).Text = new TextRef(3, 17),
        ["descriptor 7 'f': another record has the same text"] = p => p.Fd(7).Text = p.Fd(8).Text,
        ["controller 1: the state is unknown"] = p => p.Connection(1).Kind = (ConnectionKind)99,
        ["controller 1: a number is out of range"] = p => p.Connection(1).PassedCount = 77,
        ["controller 1: a time is out of range"] = p =>
            p.Connection(1).BlockedSince = new Instant(long.MaxValue),
        ["controller 1: a range is outside of its buffer"] = p => p.Connection(1).Inbox.End = -1,
        ["controller 1: the descriptor is closed or another file"] = p => p.Connection(1).InputIdentity.Inode++,
        ["controller 0: the descriptor is closed or another file"] = p => Pass(ref p.Connection(0), 2),
        ["controller 0: another record has the same descriptor"] = p => Pass(ref p.Connection(0), p.Fd(7).Number.Value),
        ["controller 1: another record has the same descriptor"] = p =>
            (p.Connection(1).Output, p.Connection(1).OutputIdentity) =
                (p.Connection(0).Output, p.Connection(0).OutputIdentity),
        ["control-socket 0: the descriptor is closed or another file"] = p => p.Socket.Identity.Inode++,
        ["reexecution 0: the controller does not exist"] = p =>
            p.Reexecution = new UpgradeRecord { IsPending = true, Connection = 500 },
        ["reexecution 0: a range is outside of its buffer"] = p =>
            p.Reexecution = new UpgradeRecord { IsPending = true, LineLength = 5000 },
        ["reexecution 0: the text is not valid"] = p =>
            p.Reexecution = new UpgradeRecord { IsPending = true, LineLength = 2 },
        ["reexecution 0: the process ID is not valid"] = p =>
            p.Reexecution = new UpgradeRecord { IsPending = true, CheckProcess = new Pid(-1) },
    };

    public static TheoryData<string> Damages() => [.. _damages.Keys];

    [Theory]
    [MemberData(nameof(Damages))]
    public void TheRecordIsNamedWithItsFault(string told)
    {
        using Stage stage = Live();
        _damages[told](new Picture(stage.World.Kernel));
        Assert.Equal([$"log: error: quarantined {told}", Crashed], Log(stage.Do("* crash")));

        // And is not believed: what goes on is whole, and a second look finds nothing more. A process that was a
        // service's is nobody's then, and waited for.
        EndOrphans(stage.World);
        Invariants.Check(stage.World);
        Assert.Equal([Crashed], Log(stage.Do("* crash")));
    }

    [Fact]
    public void ManyAreCountedBehindTheFirstOnes()
    {
        using Stage stage = Live();
        stage.Do("> log.filter⇥warning⏎" + string.Join('⏎', Enumerable.Range(0, 20).Select(n => $"service.tags⇥s{n}")));
        Picture picture = new(stage.World.Kernel);
        for (int service = 4; service < 24; service++)
        {
            picture.Service(service).Interval = -1;
        }

        Assert.Equal(
            [
                .. Enumerable.Range(12, 8).Reverse().Select(
                    n => $"log: error: quarantined service {n + 4} 's{n}': a number is out of range"),
                "log: error: quarantined 12 more records",
                Crashed,
            ],
            Log(stage.Do("* crash")));
        Assert.Equal(4, stage.World.Running.Services.Used);
    }

    [Fact]
    public void TheOneThatWasBeingChangedGivesWay()
    {
        using Stage stage = Live();
        Picture picture = new(stage.World.Kernel);
        picture.Service(1).Pid = picture.Service(0).Pid;
        picture.Header.Changing = ((long)RegionId.Services << 32) | 2;
        Assert.Equal(
            [
                "log: error: quarantined service 1 'db': another record has the same process",
                Crashed.Replace(") and", ", changing a service) and", StringComparison.Ordinal),
            ],
            Log(stage.Do("* crash")));
    }

    [Fact]
    public void AProcessThatIsNotOursGetsNoSignal()
    {
        using Stage stage = Live();
        SimKernel kernel = stage.World.Kernel;
        Pid neighbour = new(kernel.Neighbour().Pid);
        Picture picture = new(kernel);
        picture.Service(0).Pid = neighbour;
        picture.Reexecution = new UpgradeRecord { IsPending = true, CheckProcess = neighbour };
        stage.Do("* crash");
        Assert.Contains(
            "< error⇥No such service, for command \"service.signal⇥web⇥SIGKILL\"",
            stage.Do("> service.signal⇥web⇥SIGKILL"));
        Assert.Equal(SimProcessState.Running, kernel.ProcessOf(neighbour)?.State);
    }

    [Fact]
    public void AChildThatWasReapedAndNotAnnouncedIsAnnouncedLater()
    {
        using Stage stage = Live();
        SimKernel kernel = stage.World.Kernel;
        Picture picture = new(kernel);
        Pid web = picture.Service(0).Pid;
        kernel.End(kernel.ProcessOf(web)!, EndReason.Exited, 7);
        kernel.Reap(ref picture.Header.Reaped);
        IReadOnlyList<string> seen = stage.Do("* crash");
        Assert.Equal([Crashed, "log: info: service 'web' ended: exit code 7 after 0 s"], Log(seen));
        Assert.Contains(seen, line => line.StartsWith("< service.state⇥web⇥down", StringComparison.Ordinal));
    }

    [Fact]
    public void AChildThatRunsWasNotReaped()
    {
        using Stage stage = Live();
        Picture picture = new(stage.World.Kernel);
        picture.Header.Reaped = new ReapedChild { Pid = picture.Service(0).Pid, Reason = EndReason.Exited, Value = 7 };
        IReadOnlyList<string> seen = stage.Do("* crash");
        Assert.Equal([Crashed], Log(seen));
        Assert.DoesNotContain(seen, line => line.StartsWith("< service.state⇥web", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADescriptorOfSomebodyElseIsNoConnection(bool isListener)
    {
        using Stage stage = Live();
        stage.Do("> fd.socket⇥s⇥unix,stream");
        Picture picture = new(stage.World.Kernel);
        picture.Header.Accepted = isListener ? picture.Socket.Listener : picture.Fd(9).Number;
        int open = stage.World.Kernel.OpenCount;
        stage.Do("* crash");
        Assert.Equal(2, stage.World.Running.Statistics[Counter.ControllersUsed]);
        Assert.Equal(open, stage.World.Kernel.OpenCount);
    }

    [Fact]
    public void ALineThatIsMoreThanOneIsNotAnswered()
    {
        using Stage stage = Live();
        Picture picture = new(stage.World.Kernel);
        picture.Header.Work = picture.Header.Work with { Connection = 0, LineOffset = 0, LineLength = 60 };
        IReadOnlyList<string> seen = stage.Do("* crash");
        Assert.Equal([Crashed], Log(seen));
        Assert.DoesNotContain(seen, line => line.Contains("internal error", StringComparison.Ordinal));
    }

    [Fact]
    public void AProgramThatWouldDropOneDoesNotTakeOver()
    {
        using Stage stage = Live();
        SimKernel kernel = stage.World.Kernel;
        Assert.Equal("daemonproxy can resume\n", Rehearse(stage.World));
        new Picture(kernel).Service(0).Interval = -1;
        Assert.Equal(
            "daemonproxy cannot resume: it would drop service 0 'web': a number is out of range\n",
            Rehearse(stage.World));
        Assert.Equal(-1, new Picture(kernel).Service(0).Interval);
        new Picture(kernel).Service(0).Name = default;
        Assert.Equal(
            "daemonproxy cannot resume: it would drop service 0: the name is not valid\n", Rehearse(stage.World));
    }

    private static string Rehearse(SimWorld world) =>
        Encoding.ASCII.GetString(new UpgradeCheck(world.Kernel, world.Environment).Run(world.Kernel.ImageFd));

    [Fact]
    public void TheLastMessageNamesTheQuarantinedRecord()
    {
        using Stage stage = Live();
        Picture picture = new(stage.World.Kernel);
        picture.Service(0).Interval = -1;
        picture.Header.Crash.WindowCount = (int)Limits.Crashes + 1;
        picture.Header.Crash.WindowStart = stage.World.Kernel.Now().Nanoseconds;
        Assert.Equal(
            [
                "log: error: quarantined service 0 'web': a number is out of range",
                "log: fatal: daemonproxy crashed too often",
            ],
            Log(stage.Do("* crash")));
    }

    private static void Pass(ref ConnectionRecord record, int number)
    {
        record.PassedCount = 1;
        record.Passed[0] = new FdNumber(number);
    }

    private static void EndOrphans(SimWorld world)
    {
        foreach (SimProcess process in world.Kernel.Processes.ToArray())
        {
            if (world.Running.Services.Find(new Pid(process.Pid)).IsNone)
            {
                world.Kernel.End(process, EndReason.Exited, 0);
            }
        }

        world.Settle();
    }

    private static Stage Live()
    {
        Stage stage = new();
        Array.ForEach(_life, line => stage.Do(line));
        return stage;
    }

    private static IEnumerable<string> Log(IReadOnlyList<string> seen) =>
        seen.Where(line => line.StartsWith("log: ", StringComparison.Ordinal));

    // The records of a daemon's image, to be spoiled.
    private sealed class Picture(SimKernel kernel)
    {
        public ref ImageHeader Header => ref At<ImageHeader>(0);

        public ref DaemonRecord Settings => ref Record<DaemonRecord>(RegionId.Settings, 0);

        public ref CounterRecord Counters => ref Record<CounterRecord>(RegionId.Counters, 0);

        public ref LogRecord Log => ref Record<LogRecord>(RegionId.Log, 0);

        public ref ControlSocketRecord Socket => ref Record<ControlSocketRecord>(RegionId.ControlSocket, 0);

        public ref UpgradeRecord Reexecution => ref Record<UpgradeRecord>(RegionId.Upgrade, 0);

        public ref SignalCounts Signal(int signal) => ref Record<SignalCounts>(RegionId.Signals, signal);

        public ref ServiceRecord Service(int index) => ref Record<ServiceRecord>(RegionId.Services, index);

        public ref FdRecord Fd(int index) => ref Record<FdRecord>(RegionId.Fds, index);

        public ref ConnectionRecord Connection(int index) => ref Record<ConnectionRecord>(RegionId.Connections, index);

        private ref T Record<T>(RegionId region, int index)
            where T : unmanaged => ref At<T>(Header.Regions[(int)region].Offset + ((long)index * Unsafe.SizeOf<T>()));

        private ref T At<T>(long offset)
            where T : unmanaged => ref Unsafe.As<byte, T>(ref kernel.ImageBytes(offset, Unsafe.SizeOf<T>())[0]);
    }
}

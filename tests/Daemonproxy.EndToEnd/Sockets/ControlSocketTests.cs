using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>The control socket: whose file it is, when it is there, and who may connect.</summary>
public class ControlSocketTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Fact]
    public void NobodyElseMayConnectNotForAnInstant()
    {
        const int Rounds = 300;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After("umask 000"));
        Directory.CreateDirectory(scratch["d"]);
        ConcurrentDictionary<UnixFileMode, int> modes = new();
        bool isOver = false;
        Thread watcher = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                foreach (FileInfo file in new DirectoryInfo(scratch["d"]).EnumerateFiles())
                {
                    if ((int)file.UnixFileMode != -1)
                    {
                        modes.AddOrUpdate(file.UnixFileMode, 1, (_, count) => count + 1);
                    }
                }
            }
        });
        watcher.Start();
        for (int round = 0; round < Rounds; round++)
        {
            Assert.Empty(daemon.Ask($"socket.create⇥-⇥{scratch["d/one"]}", $"socket.create⇥-⇥{scratch["d/two"]}"));
        }

        Volatile.Write(ref isOver, true);
        watcher.Join();
        Assert.Equal([OwnerOnly], modes.Keys);
        Assert.Equal([scratch["d/two"]], Directory.GetFiles(scratch["d"]));
    }

    [Fact]
    public void ItsFileIsRemovedAtTheEnd()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start("-S", scratch["socket"]);
        using Connection connection = Connection.To(scratch["socket"]);
        connection.Send("terminate⇥3");
        Assert.Equal(3, daemon.AwaitExit().Code);
        Assert.Empty(connection.AwaitOutputEnd());
        Assert.False(Path.Exists(scratch["socket"]));
    }

    [Fact]
    public void ItsFileIsRemovedWhenTheSessionEnds()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        Assert.True(Path.Exists(scratch["socket"]));
        daemon.EndInput();
        Assert.Equal(0, daemon.AwaitExit().Code);
        Assert.False(Path.Exists(scratch["socket"]));
    }

    [Fact]
    public void AFileInThePlaceOfTheSocketIsLeftAlone()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        File.Delete(scratch["socket"]);
        using Fd other = UnixSocket.Bind(scratch["socket"], listens: true);
        daemon.Send("terminate⇥0");
        Assert.Equal(0, daemon.AwaitExit().Code);
        UnixSocket.TryConnect(scratch["socket"], out int errno)?.Dispose();
        Assert.Equal(0, errno);
    }

    [Fact]
    public void ASocketFileOfAnotherDaemonIsNotReplaced()
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        using Daemon first = Daemon.Start("-S", path);
        using Connection before = Connection.To(path);
        before.Ask("service.tags⇥a⇥first");
        using Daemon second = Daemon.Start("-S", path);
        Assert.Equal(3, second.AwaitExit().Code);
        Assert.Equal(
            [$"error: cannot listen for controllers at \"{path}\": somebody listens there",
                "fatal: Can't create controller socket"],
            second.Log.AwaitEnd());
        using Daemon third = Daemon.Interactive();
        Assert.Equal(
            [$"error⇥Failed to create control socket, for command \"{Cut($"socket.create⇥-⇥{path}")}\""],
            third.Ask($"socket.create⇥-⇥{path}"));
        third.EndInput();
        third.AwaitExit();
        using Connection after = Connection.To(path);
        Assert.Contains("service.tags⇥a⇥first", after.Dump());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [RootFact]
    public void ASocketHasItsOwnerAndItsMode()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Ask($"socket.create⇥name=a,mode=0660,owner=daemon:mail⇥{scratch["a"]}");
        Assert.Equal((UnixFileMode)0x1B0, File.GetUnixFileMode(scratch["a"]));
        using Connection connection = Connection.To(scratch["a"]);
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
        Assert.StartsWith(
            "error⇥no such user or group",
            Assert.Single(daemon.Ask($"socket.create⇥name=a,owner=nobody-at-all⇥{scratch["a"]}")),
            StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0x1B0, File.GetUnixFileMode(scratch["a"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASocketFileThatNobodyListensOnIsReplaced(bool byOption)
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        UnixSocket.Bind(path, listens: true).Dispose();
        using Daemon daemon = Daemon.Interactive(byOption ? ["-S", path] : []);
        Assert.Empty(daemon.Ask(byOption ? "# nothing" : $"socket.create⇥⇥{path}"));
        using Connection connection = Connection.To(path);
        Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
    }

    [Fact]
    public void ASocketFileOfAKilledDaemonIsReplaced()
    {
        using Scratch scratch = new();
        string path = scratch["socket"];
        using (Daemon first = Daemon.Start("-S", path))
        {
            using Connection connection = Connection.To(path);
            connection.Sync();
            first.Signal(SIGKILL);
            first.AwaitExit();
        }

        Assert.True(Path.Exists(path));
        using Daemon second = Daemon.Start("-S", path);
        using Connection again = Connection.To(path);
        Assert.Equal(["hello"], again.Ask("echo⇥hello"));
    }

    [Theory]
    [InlineData("echo text >")]
    [InlineData("mkdir")]
    [InlineData("mkfifo")]
    [InlineData("ln -s nowhere")]
    [InlineData("ln -s /dev/null")]
    public void AFileThatIsNoSocketIsNeverRemoved(string make)
    {
        using Scratch scratch = new();
        string path = scratch["place"];
        using Daemon daemon = Daemon.Start(new Launch(Binary.Path, "-S", path).After($"{make} {path}"));
        Assert.Equal(3, daemon.AwaitExit().Code);
        Assert.Equal(
            [$"error: cannot listen for controllers at \"{path}\": there is something that is not a socket",
                "fatal: Can't create controller socket"],
            daemon.Log.AwaitEnd());
        FileSystemInfo found = new DirectoryInfo(Path.GetDirectoryName(path)!).EnumerateFileSystemInfos().Single();
        Assert.Equal(path, found.FullName);
        Assert.Equal(make.StartsWith("ln", StringComparison.Ordinal), found.LinkTarget is not null);
        Assert.True(make[0] != 'e' || File.ReadAllText(path) == "text\n");
    }

    [Fact]
    public void TheSocketMovesAndConnectionsStay()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start("-S", scratch["one"]);
        using Connection first = Connection.To(scratch["one"]);
        Assert.Empty(first.Ask($"socket.create⇥-⇥{scratch["two"]}"));
        Assert.False(Path.Exists(scratch["one"]));
        using Connection second = Connection.To(scratch["two"]);

        // Again where it is: a new file, and nobody is refused in between.
        Assert.Empty(second.Ask($"socket.create⇥-⇥{scratch["two"]}"));
        using Connection third = Connection.To(scratch["two"]);
        Assert.Single(third.Ask("socket.create⇥-⇥/no/such/directory/socket"));
        using Connection fourth = Connection.To(scratch["two"]);
        Assert.Empty(fourth.Ask("socket.delete", "socket.delete"));
        Assert.Null(UnixSocket.TryConnect(scratch["two"], out int errno));
        Assert.Equal(ENOENT, errno);
        first.Send("service.tags⇥t⇥told");
        foreach (Connection connection in new[] { first, second, third, fourth })
        {
            connection.Await("service.tags⇥t⇥told");
            Assert.Equal(["hello"], connection.Ask("echo⇥hello"));
        }
    }

    [Fact]
    public void ARelativePathIsWhereItWasWhenTheDirectoryChanges()
    {
        using Scratch scratch = new();
        Launch launch = new(Binary.Path, "-S", "one") { Directory = scratch["."] };
        using Daemon daemon = Daemon.Start(launch);
        using Connection connection = Connection.To(scratch["one"]);
        Directory.CreateDirectory(scratch["d"]);
        Assert.Empty(connection.Ask("chdir⇥d", "socket.create⇥-⇥one"));
        Assert.Equal([scratch["./d/one"]], Directory.GetFiles(scratch["."], "*", SearchOption.AllDirectories));
        Assert.Empty(connection.Ask("chdir⇥/"));
        connection.Send("terminate⇥0");
        Assert.Equal(0, daemon.AwaitExit().Code);
        Assert.Empty(Directory.GetFiles(scratch["."], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void NobodyIsGreetedButTheSession()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        daemon.Signal(SIGUSR2);
        daemon.Await("signal⇥SIGUSR2⇥*⇥1");
        using Connection connection = Connection.To(scratch["socket"]);
        Assert.True(Text.Matches(connection.Sync().Single(), "signal⇥SIGUSR2⇥*⇥1"), connection.Heard);
    }

    [Fact]
    public void AHalfClosedConnectionGetsItsReplies()
    {
        const int Lines = 5_000;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start("-S", scratch["socket"]);
        using Connection connection = Connection.To(scratch["socket"]);
        connection.SendRaw(string.Concat(Enumerable.Range(0, Lines).Select(n => $"echo⇥{n}\n")) + "statedump\necho⇥x");
        connection.EndInput();
        string[] told = connection.AwaitOutputEnd();
        Assert.Equal(Enumerable.Range(0, Lines).Select(n => $"{n}"), told[..Lines]);
        Assert.Equal($"socket.state\t-\t-\t{scratch["socket"]}", told[Lines]);
        Assert.StartsWith("fd.state\tcontrol.cmd\t", told[Lines + 1], StringComparison.Ordinal);
        Assert.StartsWith("fd.state\tstdout\t", told[^1], StringComparison.Ordinal);
        daemon.Log.Await("warning: Command ends with EOF... ignored");
    }

    [Fact]
    public void TheEndOfAConnectionIsNotTheEndOfTheDaemon()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Start("-S", scratch["socket"]);
        for (int round = 0; round < 100; round++)
        {
            using Connection connection = Connection.To(scratch["socket"]);
            connection.Send($"service.tags⇥t⇥{round}", "exit");
            Assert.Equal([Text.WithTabs($"service.tags⇥t⇥{round}")], connection.AwaitOutputEnd());
        }

        using Connection last = Connection.To(scratch["socket"]);
        Assert.Equal(1, last.Counters()["controllers.used"]);
    }

    [Fact]
    public void ThoseForWhomThereIsNoPlaceWaitAndTheDaemonSleeps()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"], "--controllers", "2");
        using Connection first = Connection.To(scratch["socket"]);
        first.Sync();
        using Connection second = Connection.To(scratch["socket"]);
        using Connection third = Connection.To(scratch["socket"]);
        second.Send("echo⇥second");
        third.Send("echo⇥third");
        long before = daemon.Counters()["turns"];
        Assert.InRange(daemon.Counters()["turns"] - before, 1, 20);
        Assert.Empty(second.Heard + third.Heard);
        Assert.Equal(2, daemon.Counters()["controllers.waiting"]);
        daemon.Log.Await(
            line => line.StartsWith("warning: all 2 slots for controllers are taken, ", StringComparison.Ordinal),
            "the log says so");
        first.Send("exit");
        second.Await("second");
        second.Send("exit");
        third.Await("third");
    }

    // An error shows the first 30 bytes of a line with its LF.
    private static string Cut(string line) => line.Length < 30 ? line : line[..30] + "...";
}

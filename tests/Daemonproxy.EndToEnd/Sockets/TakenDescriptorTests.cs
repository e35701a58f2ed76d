using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Tmds.Linux;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>fd.take: descriptors that are sent along with lines on a socket, unix(7).</summary>
public class TakenDescriptorTests
{
    /// <summary>The origin of the socket on which descriptors are sent.</summary>
    public enum Way
    {
        Option,
        Command,
        Input,
    }

    [Theory]
    [InlineData(Way.Option)]
    [InlineData(Way.Command)]
    [InlineData(Way.Input)]
    public void OneSentAlongIsGivenToAService(Way way)
    {
        using Stage stage = new(way);
        (Fd reader, Fd writer) = Fd.Pipe();
        using LineStream told = new(reader, "what the service wrote");
        stage.Connection.SendWith("fd.take⇥mine", writer);
        stage.Connection.Await("fd.state⇥mine⇥file⇥write⇥unknown");
        writer.Dispose();
        stage.Connection.Send("service.fds⇥a⇥null⇥mine⇥stderr", "service.args⇥a⇥/bin/echo⇥hello", "service.start⇥a");
        told.Await("hello");
        stage.Connection.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");

        // The daemon had the last one.
        stage.Connection.Send("fd.delete⇥mine");
        told.AwaitEnd();
        stage.AssertNothingLeaked();
    }

    [Fact]
    public unsafe void AFileThatIsOnlyAppendedToIsShownSo()
    {
        using Scratch scratch = new();
        using Stage stage = new(Way.Option);
        fixed (byte* path = Text.Bytes(scratch["log"] + "\0"))
        {
            using Fd file = new(open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, (mode_t)0x180));
            stage.Connection.SendWith("fd.take⇥log", file);
        }

        stage.Connection.Await("fd.state⇥log⇥file⇥write,append⇥unknown");
    }

    [Theory]
    [InlineData(Way.Option)]
    [InlineData(Way.Input)]
    public void TheKindOfADescriptorIsFound(Way way)
    {
        using Scratch scratch = new();
        using Stage stage = new(way);
        (Fd one, Fd other) = UnixSocket.Pair();
        stage.Connection.SendWith("fd.take⇥pair", one);
        stage.Connection.Await("fd.state⇥pair⇥socket⇥unix,stream⇥unknown");
        using Fd listener = UnixSocket.Bind(scratch["listener"], listens: true);
        stage.Connection.SendWith("fd.take⇥listener", listener);
        Assert.StartsWith(
            "fd.state\tlistener\tsocket\tunix,stream",
            stage.Connection.Await("fd.state⇥listener⇥socket⇥*⇥unknown"),
            StringComparison.Ordinal);
        stage.Connection.Send("fd.delete⇥pair", "fd.delete⇥listener");
        stage.AssertNothingLeaked();
        one.Dispose();
        other.Dispose();
    }

    [Fact]
    public void TwoDescriptorsWaitInTheirOrderAndMoreAreClosed()
    {
        using Stage stage = new(Way.Option);
        (Fd first, Fd firstWriter) = Fd.Pipe();
        (Fd second, Fd secondWriter) = Fd.Pipe();
        stage.Connection.SendRawWith("echo⇥sent\n", first, secondWriter, second, firstWriter);
        stage.Connection.Await("sent");
        stage.AwaitLog("error: No room for ancillary file descriptor ");
        stage.AwaitLog("error: No room for ancillary file descriptor ");
        Assert.Equal(
            ["fd.state⇥x⇥file⇥read⇥unknown", "fd.state⇥y⇥file⇥write⇥unknown",
                "error⇥No ancillary file descriptor received, for command \"fd.take⇥z\""],
            stage.Connection.Ask("fd.take⇥x", "fd.take⇥y", "fd.take⇥z"));
        stage.Connection.Send("fd.delete⇥x", "fd.delete⇥y");
        stage.AssertNothingLeaked();
        Array.ForEach([first, firstWriter, second, secondWriter], fd => fd.Dispose());
    }

    [Theory]
    [InlineData("fd.take", "Expected file descriptor name")]
    [InlineData("fd.take⇥", "Expected file descriptor name")]
    [InlineData("fd.take⇥a b", "Invalid file descriptor name")]
    [InlineData("fd.take⇥null", "File descriptor cannot be altered")]
    public void ABadNameClosesIt(string line, string error)
    {
        using Stage stage = new(Way.Option);
        (Fd reader, Fd writer) = Fd.Pipe();
        using LineStream told = new(reader, "the pipe");
        stage.Connection.SendWith(line, writer);
        writer.Dispose();
        stage.Connection.Await($"error⇥{error}, for command \"{line}\"".Replace("⇥\"", "\t\""));
        told.AwaitEnd();
        Assert.Equal(
            ["error⇥No ancillary file descriptor received, for command \"fd.take⇥good\""],
            stage.Connection.Ask("fd.take⇥good"));
        stage.AssertNothingLeaked();
    }

    [Theory]
    [InlineData(Way.Option)]
    [InlineData(Way.Input)]
    public void LeftoversAreClosedAtTheEndOfTheConnection(Way way)
    {
        using Stage stage = new(way);
        (Fd reader, Fd writer) = Fd.Pipe();
        using LineStream told = new(reader, "the pipe");
        stage.Connection.SendWith("echo⇥not taken", writer);
        writer.Dispose();
        stage.Connection.Await("not taken");
        stage.Connection.Send("exit");
        stage.AwaitLog("warning: closing leftover ancillary file descriptor ");
        told.AwaitEnd();
    }

    [Fact]
    public void ManyTakenAndRefusedLeaveNoneOpen()
    {
        using Stage stage = new(Way.Option);
        stage.Connection.Send("log.filter⇥fatal");
        (Fd reader, Fd writer) = Fd.Pipe();
        for (int round = 0; round < 10; round++)
        {
            // As many as the kernel sends along at once.
            stage.Connection.SendRawWith("fd.take⇥x\nfd.take\nfd.take⇥x\n", [.. Enumerable.Repeat(writer, 253)]);
        }

        stage.Connection.Sync();
        stage.Connection.Send("fd.delete⇥x");
        stage.AssertNothingLeaked();
        writer.Dispose();
        using LineStream told = new(reader, "the pipe");
        told.AwaitEnd();
    }

    [Fact]
    public void OnlyAConnectionWhoseInputIsASocketHasAny()
    {
        using Daemon daemon = Daemon.Interactive();
        Assert.Equal(
            ["error⇥No ancillary file descriptor received, for command \"fd.take⇥x\""], daemon.Ask("fd.take⇥x"));
    }

    [PythonFact]
    public void AServiceSendsOneOverItsOwnConnection()
    {
        const string Sender = """
            import os, socket
            own = socket.socket(fileno=0)
            reader, writer = os.pipe()
            socket.send_fds(own, [b"fd.take\tsent\nservice.start\techo\n"], [writer])
            os.close(writer)
            print("read", os.read(reader, 100).decode().strip(), flush=True)
            """;
        using Scratch scratch = new();
        using Witness witness = new(scratch);
        witness.Daemon.Send("service.args⇥echo⇥/bin/echo⇥hello", "service.fds⇥echo⇥null⇥sent⇥stderr");
        witness.Start("sender", "control.socket", Sender);
        witness.Told.Await("read hello");
    }

    [PythonTheory]
    [InlineData("")]
    [InlineData("debug.crash\\twild\\twrite-piece\\n")]
    public void ADescriptorIsGivenToAController(string before)
    {
        const string Receiver = """
            import array, os, select, socket, sys
            own = socket.socket(fileno=0)
            own.setblocking(True)
            own.sendall(b"BEFOREfd.give\tfile\necho\tend\n")
            text, got = b"", []
            while text.count(b"\nend\n") == 0:
                data, ancillary, flags, address = own.recvmsg(65536, 64, socket.MSG_CMSG_CLOEXEC)
                text += data
                for level, kind, bytes in ancillary:
                    got += array.array("i", bytes)
                    last = text.split(b"\n")[-2].decode()
                    print("with", last.replace("\t", " "), os.read(got[-1], 100).decode().strip(), flush=True)
            print("descriptors", len(got), flush=True)
            """;
        using Scratch scratch = new();
        using Witness witness = new(scratch, "--debug-crash");
        string file = scratch.Write("file", "hello\n");
        Assert.Single(witness.Daemon.Ask($"fd.open⇥file⇥read⇥{file}"));
        int open = witness.Daemon.OpenDescriptors(witness.Daemon.Pid);
        witness.Start("receiver", "control.socket", Receiver.Replace("BEFORE", before));
        witness.Told.Await($"with fd.state file file read {file} hello");
        witness.Told.Await("descriptors 1");
        witness.AwaitEnd("receiver");
        Patience.Until(
            () => witness.Daemon.OpenDescriptors(witness.Daemon.Pid) == open,
            "the duplicate and the connection are closed");
    }

    [Fact]
    public void APeerThatSendsThemFasterThanTheyAreClosedHasToWait()
    {
        const int Messages = 150;
        using Stage stage = new(Way.Option);
        stage.Connection.Send("log.filter⇥fatal");
        stage.Connection.Await("log.filter⇥fatal");
        (Fd reader, Fd writer) = Fd.Pipe();
        Fd[] many = [.. Enumerable.Repeat(reader, 253)];
        int most = 0;
        for (int message = 0; message < Messages; message++)
        {
            stage.Connection.SendRawWith("\n", many);
            most = Math.Max(most, stage.CountDescriptors());
        }

        Assert.InRange(most, 1, 900);
        reader.Dispose();
        writer.Dispose();
        Patience.Until(() => stage.CountDescriptors() < many.Length, "all of them are closed");
    }

    /// <summary>A daemon, a connection on a socket, and how many descriptors the daemon had before.</summary>
    private sealed class Stage : IDisposable
    {
        private readonly Scratch _scratch = new();
        private readonly Daemon _daemon;
        private readonly int _before;

        public Stage(Way way)
        {
            Launch launch = new(Binary.Path);
            string path = _scratch["socket"];
            if (way == Way.Input)
            {
                // One socket for both ways, as inetd gives it.
                (Fd ours, Fd theirs) = UnixSocket.Pair();
                launch.Command.Add("-i");
                launch.Descriptors[0] = launch.Descriptors[1] = theirs;
                _daemon = Daemon.Start(launch);
                theirs.Dispose();
                Connection = new Connection(ours);
            }
            else
            {
                string config = _scratch.Write("config", $"socket.create⇥-⇥{path}\n");
                launch.Command.AddRange(way == Way.Option ? ["-S", path] : ["-c", config]);
                _daemon = Daemon.Start(launch);
                Connection = Connection.To(path);
            }

            _before = Connection.OpenDescriptors(_daemon.Pid);
        }

        public Connection Connection { get; }

        public int CountDescriptors() => Proc.Descriptors(_daemon.Pid).Count;

        public void AwaitLog(string start) =>
            _daemon.Log.Await(line => line.StartsWith(start, StringComparison.Ordinal), start);

        public void AssertNothingLeaked()
        {
            int now = Connection.OpenDescriptors(_daemon.Pid);
            Assert.True(_before == now, string.Join('\n', Proc.Descriptors(_daemon.Pid)));
        }

        public void Dispose()
        {
            _daemon.Dispose();
            Connection.Dispose();
            _scratch.Dispose();
        }
    }
}

using System;
using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>Files whose open(2) waits: another process holds a write lease on them, fcntl(2) F_SETLEASE.</summary>
public class HangingPathTests
{
    [PythonFact]
    public void AFileThatCannotBeOpenedHoldsUpItsControllerOnly()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        HoldLease(daemon, scratch);
        using Connection other = Connection.To(scratch["socket"]);
        daemon.Send($"fd.open⇥leased⇥read⇥{scratch["leased"]}");
        daemon.Send("echo⇥after");
        Patience.Until(() => other.Counters()["helpers.waiting"] == 1, "the helper waits");
        Assert.Equal(["alive"], other.Ask("echo⇥alive"));
        Assert.DoesNotContain(other.Dump(), line => line.StartsWith("fd.state⇥leased", StringComparison.Ordinal));
        other.Send("service.signal⇥holder⇥KILL");
        daemon.Await("fd.state⇥leased⇥file⇥read⇥*");
        daemon.Await("after");
        Assert.Equal(0, other.Counters()["helpers.waiting"]);
    }

    [PythonFact]
    public void AFileThatIsNeverOpenedIsAnErrorInTheEnd()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        HoldLease(daemon, scratch);
        using Connection other = Connection.To(scratch["socket"]);
        daemon.Send($"fd.open⇥leased⇥read⇥{scratch["leased"]}");
        Patience.Until(() => other.Counters()["helpers.waiting"] == 1, "the helper waits");
        Patience.Until(
            () => other.Counters()["helpers.waiting"] == 0, "the helper is cancelled", whole: 3 * Patience.Usual);
        AwaitStart(daemon, "error⇥open failed: Connection timed out, for command ");
        Assert.Equal(0, other.Counters()["helpers.lost"]);
    }

    [PythonTheory]
    [InlineData("debug.crash⇥wild", "error⇥internal error, for command ")]
    [InlineData("reexec⇥-", "fd.state⇥leased⇥file⇥read⇥")]
    public void ACrashAnswersTheCommandAndAnUpgradeRunsItAgain(string command, string answer)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"], "--debug-crash");
        HoldLease(daemon, scratch);
        using Connection other = Connection.To(scratch["socket"]);
        int descriptors = other.OpenDescriptors(daemon.Pid);
        daemon.Send($"fd.open⇥leased⇥read⇥{scratch["leased"]}");
        Patience.Until(() => other.Counters()["helpers.waiting"] == 1, "the helper waits");
        other.Send(command);
        other.Sync();
        other.Send("service.signal⇥holder⇥KILL");
        AwaitStart(daemon, answer);
        daemon.Send("echo⇥after");
        daemon.Await("after");
        other.Sync();
        other.Send("fd.delete⇥leased");
        Assert.Equal(descriptors, other.OpenDescriptors(daemon.Pid));
    }

    [PythonFact]
    public void ASocketThatLingersHoldsUpNobody()
    {
        // 30 s of lingering: longer than any test waits for an answer. The peer takes less than is sent. The sender has
        // closed its own descriptor when the command is complete: only closing the last one lingers.
        const string Sender = """
            import socket, struct
            own = socket.socket(fileno=0)
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            linger = socket.create_connection(listener.getsockname())
            accepted = listener.accept()[0]
            linger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 30))
            linger.setblocking(False)
            try:
                while True:
                    linger.send(bytes(65536))
            except BlockingIOError:
                pass
            socket.send_fds(own, [b"fd.take\tlin"], [linger.fileno()])
            linger.close()
            own.sendall(b"ger\n")
            own.recv(1, socket.MSG_PEEK)
            import signal
            signal.pause()
            """;
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string sender = Python.Service(scratch, "sender", Sender);
        daemon.Send($"service.args⇥sender⇥{sender}", "service.fds⇥sender⇥control.socket⇥null⇥stderr");
        daemon.Send("service.start⇥sender");
        daemon.Await("fd.state⇥linger⇥socket⇥*⇥unknown");
        daemon.Send("fd.delete⇥linger");
        daemon.Await("fd.state⇥linger⇥deleted");
        Assert.Equal(["alive"], daemon.Ask("echo⇥alive"));
        Assert.Equal(1, daemon.Counters()["helpers.waiting"]);
        daemon.Send("service.signal⇥sender⇥KILL");
        Patience.Until(() => daemon.Counters()["helpers.waiting"] == 0, "the socket is closed");
    }

    private static void AwaitStart(Daemon daemon, string start) =>
        daemon.Output.Await(line => line.StartsWith(Text.WithTabs(start), StringComparison.Ordinal), start);

    // Service "holder" has the lease.
    private static void HoldLease(Daemon daemon, Scratch scratch)
    {
        File.WriteAllText(scratch["leased"], "hello");
        string holder = Python.Service(scratch, "holder", $"""
            import fcntl, os, signal
            signal.signal(signal.SIGIO, signal.SIG_IGN)
            fd = os.open("{scratch["leased"]}", os.O_RDWR)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            open("{scratch["held"]}", "w").close()
            signal.pause()
            """);
        daemon.Send($"service.args⇥holder⇥{holder}", "service.start⇥holder");
        Patience.Until(() => File.Exists(scratch["held"]), "the lease is held");
    }
}

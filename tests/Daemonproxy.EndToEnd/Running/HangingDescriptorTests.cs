using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Running;

/// <summary>An open file of a FUSE program that stops to answer close(2).</summary>
public class HangingDescriptorTests
{
    // fuse(4), include/uapi/linux/fuse.h: INIT, LOOKUP, GETATTR, OPEN and STATFS are answered; WRITE, FLUSH and RELEASE
    // only until there is a file FOLDER.silent beside it, READ until there is FOLDER.unread, OPEN until there is
    // FOLDER.unopened, and WRITE
    // waits while there is FOLDER.paused; GETXATTR and ACCESS are unknown. It has one file, "silent".
    private const string Server = """
        import ctypes, os, struct, sys, time
        folder = sys.argv[1]
        os.mkdir(folder)
        fd = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={fd},rootmode=40000,user_id=0,group_id=0".encode()
        if ctypes.CDLL(None).mount(b"silent", folder.encode(), b"fuse", 0, options) != 0:
            sys.exit(1)
        open(folder + ".ready", "w").close()
        def attributes(node):
            mode = 0o40755 if node == 1 else 0o100644
            return struct.pack("<6Q10I", node, 5, 1, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, 4096, 0)
        def answer(request, data=b"", error=0):
            os.write(fd, struct.pack("<IiQ", 16 + len(data), -error, request) + data)
        while True:
            message = os.read(fd, 200000)
            _, operation, request, node = struct.unpack("<IIQQ", message[:24])
            if operation == 26:
                answer(request, struct.pack("<4I2H2I2H8I", 7, 31, 65536, 0, 12, 10, 65536, 1, *[0] * 10))
            elif operation == 3:
                answer(request, struct.pack("<QII", 100, 0, 0) + attributes(node))
            elif operation == 1 and message[40:].rstrip(b"\0") == b"silent":
                answer(request, struct.pack("<4QII", 2, 1, 100, 100, 0, 0) + attributes(2))
            elif operation == 1:
                answer(request, error=2)
            elif operation == 15 and os.path.exists(folder + ".unread"):
                pass
            elif operation == 14 and os.path.exists(folder + ".unopened"):
                pass
            elif operation in (16, 18, 25) and os.path.exists(folder + ".silent"):
                pass
            elif operation == 16:
                while os.path.exists(folder + ".paused"):
                    time.sleep(0.01)
                size = struct.unpack("<I", message[56:60])[0]
                with open(folder + ".written", "ab") as written:
                    written.write(message[80:80 + size])
                answer(request, struct.pack("<II", size, 0))
            elif operation == 15:
                answer(request, b"hello"[struct.unpack("<Q", message[48:56])[0]:])
            elif operation in (18, 25):
                answer(request)
            elif operation == 14:
                answer(request, struct.pack("<QII", 1, 0, 0))
            elif operation == 17:
                answer(request, struct.pack("<5Q4I", 0, 0, 0, 0, 0, 4096, 255, 4096, 0) + bytes(24))
            elif operation in (22, 34):
                answer(request, error=38)
        """;

    [FuseFact]
    public void AFileThatHangsHoldsUpNoOtherService()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        WithServer(daemon, scratch, folder => AssertNothingIsHeldUp(daemon, folder));
    }

    /// <summary>
    /// The helper that opens the file gives it a high number, and hangs in the close(2) of the low one: the daemon does
    /// not know the file yet, and a child has a copy of it.
    /// </summary>
    [FuseFact]
    public void AFileThatIsBeingOpenedHoldsUpNoOtherService()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("-S", scratch["socket"]);
        using Connection other = Connection.To(scratch["socket"]);
        WithServer(daemon, scratch, folder =>
        {
            File.WriteAllText(folder + ".silent", "");
            other.Send($"fd.open⇥silent⇥read⇥{folder}/silent");
            Patience.Until(() => daemon.Counters()["helpers.waiting"] == 1, "the helper waits");
            Patience.Until(
                () => Directory.GetFiles($"/proc/{daemon.Pid}/fd").Any(static fd => fd.EndsWith("/512")),
                "the file is open");
            AssertStarts(daemon, "first");
            daemon.Send("service.signal⇥server⇥KILL");
            other.Await("fd.state⇥silent⇥file⇥read⇥*");
        });
    }

    /// <summary>A helper writes the log.</summary>
    [FuseFact]
    public void ALogThatHangsHoldsUpNobody()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        WithServer(daemon, scratch, folder =>
        {
            daemon.Send($"fd.open⇥silent⇥write⇥{folder}/silent");
            daemon.Await("fd.state⇥silent⇥file⇥write⇥*");
            daemon.Send("log.dest⇥fd⇥silent", "nonsense");
            daemon.Await("error⇥Unknown command: nonsense");
            Patience.Until(() => daemon.Counters()["helpers.waiting"] == 0, "the message is written");
            Assert.Equal("error: controller[0] sent unknown command nonsense\n", File.ReadAllText(folder + ".written"));
            File.WriteAllText(folder + ".silent", "");
            daemon.Send("more");
            daemon.Await("error⇥Unknown command: more");
            Patience.Until(() => daemon.Counters()["helpers.waiting"] == 1, "the helper waits");
            AssertStarts(daemon, "other");
            File.Delete(folder + ".written");
            daemon.Send("service.signal⇥server⇥KILL");
            Patience.Until(() => daemon.Counters()["helpers.waiting"] == 0, "the write has failed");
        });
    }

    /// <summary>A helper copies it into memory, and the copy is read.</summary>
    [FuseTheory]
    [InlineData("-c")]
    [InlineData("-i")]
    public void AnInputThatHangsHoldsUpNobody(string way)
    {
        using Scratch scratch = new();
        using Daemon host = Daemon.Interactive();
        WithServer(host, scratch, folder =>
        {
            string file = folder + "/silent";
            string[] options = way == "-c" ? [way, file] : [way];
            using (Daemon first = Daemon.Start(new Launch([Binary.Path, .. options]).After("exec <" + file)))
            {
                first.Log.Await(way == "-c" ? $"error: {file}:1: unknown command hello"
                    : "warning: Command ends with EOF... ignored");
            }

            File.WriteAllText(folder + ".unread", "");
            string socket = scratch["socket"];
            using Daemon daemon =
                Daemon.Start(new Launch([Binary.Path, .. options, "-S", socket]).After("exec <" + file));
            Patience.Until(() => File.Exists(socket), "it listens");
            using Connection controller = Connection.To(socket);
            Assert.Equal(["alive"], controller.Ask("echo⇥alive"));
            Assert.Equal(1, controller.Counters()["helpers.waiting"]);
            host.Send("service.signal⇥server⇥KILL");
            if (way == "-c")
            {
                daemon.Log.Await(
                    line => line.StartsWith($"error: cannot read the config file {file}: ", StringComparison.Ordinal),
                    "that it cannot be read");
            }
            else
            {
                Assert.Equal(0, daemon.AwaitExit().Code);
            }
        });
    }

    /// <summary>
    /// A helper writes it: nothing is lost or written twice, whether the daemon crashes, is replaced, or ends.
    /// </summary>
    [FuseFact]
    public void AnOutputThatHangsHoldsUpNobody()
    {
        using Scratch scratch = new();
        using Daemon host = Daemon.Interactive();
        WithServer(host, scratch, folder =>
        {
            string written = folder + ".written";
            string socket = scratch["socket"];
            string[] command = [Binary.Path, "-i", "-S", socket, "--debug-crash"];
            using Daemon daemon = Daemon.Start(new Launch(command).After($"exec >>{folder}/silent"));
            Patience.Until(() => File.Exists(socket), "it listens");
            using Connection other = Connection.To(socket);
            Patience.Until(() => other.Counters()["helpers.waiting"] == 0, "the greeting is written");
            string greeting = File.ReadAllText(written);
            File.WriteAllText(folder + ".paused", "");
            daemon.Send("echo⇥one");
            Patience.Until(() => other.Counters()["helpers.waiting"] == 1, "the helper waits");
            AssertStarts(other, "first");
            other.Send("debug.crash⇥wild");
            other.Await("overflow");
            other.Send("reexec⇥-");
            AssertStarts(other, "second");
            daemon.Send("echo⇥two");
            File.Delete(folder + ".paused");
            Patience.Until(() => other.Counters()["helpers.waiting"] == 0, "the output is written");
            string[] before = File.ReadAllText(written)[greeting.Length..].Split('\n');
            string[] own = [.. before.Where(static line => !line.StartsWith("service.", StringComparison.Ordinal))];
            Assert.Equal(["one", "overflow", "two", ""], own);

            File.Delete(written);
            File.WriteAllText(folder + ".paused", "");
            string[] many = [.. Enumerable.Range(0, 500).Select(static at => $"line {at} {new string('x', 40)}")];
            daemon.Send([.. many.Select(static line => "echo⇥" + line)]);
            daemon.Send("terminate⇥0");
            daemon.Log.Await("info: daemonproxy exiting");
            File.Delete(folder + ".paused");
            Assert.Equal(0, daemon.AwaitExit().Code);
            Patience.Until(
                () => File.Exists(written) && File.ReadAllText(written).Contains("line 499", StringComparison.Ordinal),
                "all is written");
            Assert.Equal(string.Join('\n', many) + '\n', File.ReadAllText(written));
        });
    }

    /// <summary>
    /// Number 2 is /dev/null, and the file has a number that launches leave behind: in each process image.
    /// </summary>
    [FuseTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void AnErrorStreamThatHangsHoldsUpNoLaunch(bool isStatic)
    {
        using Scratch scratch = new();
        using Daemon host = Daemon.Interactive();
        WithServer(host, scratch, folder =>
        {
            string socket = scratch["socket"];
            string program = isStatic ? Binary.Static : Binary.Path;
            string[] command = [program, "-v", "-S", socket, "--debug-crash"];
            using Daemon daemon = Daemon.Start(new Launch(command).After($"exec 2>>{folder}/silent"));
            Patience.Until(() => File.Exists(socket), "it listens");
            using Connection other = Connection.To(socket);
            other.Send("service.fds⇥named⇥null⇥null⇥stderr", $"service.args⇥named⇥/bin/sh⇥-c⇥echo named >&2");
            other.Send("service.start⇥named");
            other.Await("service.state⇥named⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
            Assert.Contains("named\n", File.ReadAllText(folder + ".written"), StringComparison.Ordinal);
            Assert.Equal("/dev/null", Proc.Descriptors(daemon.Pid)[2]);

            File.WriteAllText(folder + ".silent", "");
            AssertStarts(other, "first");
            for (int again = 0; again < 3; again++)
            {
                other.Send("debug.crash⇥wild");
                other.Await("overflow");
                AssertStarts(other, "second");
                other.Send("reexec⇥-");
                AssertStarts(other, "third");
            }

            Dictionary<string, long> counters = other.Counters();
            Assert.Equal((3, 3), (counters["crashes"], counters["reexecs"]));
            Assert.Equal(0, counters["helpers.lost"]);
            Assert.Equal("/dev/null", Proc.Descriptors(daemon.Pid)[2]);
            File.Delete(folder + ".silent");
        });
    }

    internal static void WithServer(Daemon daemon, Scratch scratch, Action<string> act)
    {
        string folder = scratch["folder"];
        string server = Python.Service(scratch, "server", Server);
        daemon.Send($"service.args⇥server⇥{server}⇥{folder}", "service.start⇥server");
        Patience.Until(() => File.Exists(folder + ".ready"), "the file system is there");
        try
        {
            act(folder);
        }
        finally
        {
            using Process unmount = Process.Start("umount", ["-l", folder]);
            unmount.WaitForExit();
        }
    }

    private static void AssertNothingIsHeldUp(Daemon daemon, string folder)
    {
        daemon.Send($"fd.open⇥silent⇥read⇥{folder}/silent");
        daemon.Await("fd.state⇥silent⇥file⇥read⇥*");
        File.WriteAllText(folder + ".silent", "");
        AssertStarts(daemon, "first");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        AssertStarts(daemon, "second");
        daemon.Send("fd.delete⇥silent");
        daemon.Await("fd.state⇥silent⇥deleted");
        AssertStarts(daemon, "third");
        daemon.Send("service.signal⇥server⇥KILL");
        Patience.Until(() => daemon.Counters()["helpers.waiting"] == 0, "the file is closed");
    }

    private static void AssertStarts(Controller daemon, string name)
    {
        daemon.Send($"service.args⇥{name}⇥/bin/true", $"service.start⇥{name}");
        daemon.Await($"service.state⇥{name}⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
    }
}

/// <summary>A test that mounts a FUSE file system; skipped where that is not possible.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuseFactAttribute : FactAttribute
{
    public FuseFactAttribute() => Skip = Obstacle;

    public static string Obstacle => Python.Obstacle
        ?? (!File.Exists("/dev/fuse") ? "this machine has no /dev/fuse"
        : Environment.UserName != "root" ? "only root may mount" : null!);
}

/// <summary>The same, with arguments.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FuseTheoryAttribute : TheoryAttribute
{
    public FuseTheoryAttribute() => Skip = FuseFactAttribute.Obstacle;
}

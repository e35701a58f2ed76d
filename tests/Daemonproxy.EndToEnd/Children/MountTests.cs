using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Files that a service with a mount namespace of its own sees, and files that it can write.</summary>
public class MountTests
{
    // Prints what became of an attempt to write: "yes" or the reason.
    private const string Functions = """
        can() { if reason=$( { : >> "$1"; } 2>&1 ); then echo "yes"; else echo "${reason##*: }"; fi; }
        """;

    // Answers ENOSYS to mount_setattr(2), as Linux before 5.12, and runs the rest of its arguments.
    private const string OldKernel = """
        import ctypes, os, struct, sys
        load, equal, allow = 0x20, 0x15, 0x7FFF0000
        program = [(load, 0, 0, 0), (equal, 0, 1, 442), (6, 0, 0, 0x00050000 | 38), (6, 0, 0, allow)]
        code = b''.join(struct.pack('HBBI', *one) for one in program)
        text = ctypes.create_string_buffer(code)
        filter = struct.pack('HxxxxxxP', len(program), ctypes.addressof(text))
        libc = ctypes.CDLL(None, use_errno=True)
        assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, ctypes.c_char_p(filter), 0, 0) == 0
        os.execv(sys.argv[1], sys.argv[1:])
        """;

    [RootFact]
    public void SystemDirectoriesCanBeReadOnly()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();

        Assert.Equal(
            ["Read-only file system", "Read-only file system", "yes"],
            Ask(
                daemon, scratch, "ro=/usr⇥ro=-/no/such/boot⇥ro=/etc",
                "can /usr/new", "can /etc/passwd", $"can {scratch["new"]}"));
        Assert.False(File.Exists("/usr/new"));
    }

    [RootFact]
    public void AllCanBeReadOnlyButAPathBelowInAnyOrder()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["data"]);
        string[] script =
        [
            $"can {scratch["data"]}/new", $"can {scratch["new"]}", "can /root/new", "can /dev/shm/new", "can /dev/null",
            "grep -c ' / ro,' /proc/self/mountinfo",
        ];
        string[] expected =
            ["yes", "Read-only file system", "Read-only file system", "Read-only file system", "yes", "1"];
        using Daemon daemon = Daemon.Interactive();

        Assert.Equal(expected, Ask(daemon, scratch, $"ro=/⇥rw={scratch["data"]}", script));
        Assert.Equal(expected, Ask(daemon, scratch, $"rw={scratch["data"]}⇥ro=/", script));
        Assert.Equal(
            ["yes"],
            Ask(daemon, scratch, $"ro=/⇥ro={scratch["data"]}⇥rw=/dev⇥rw={scratch["data"]}", "can /dev/shm/new"));
        File.Delete("/dev/shm/new");
    }

    [RootFact]
    public void AnEmptyDirectoryIsTheRunsOwn()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["tmp"]);
        File.SetUnixFileMode(scratch["tmp"], (UnixFileMode)0x1C7);
        scratch.Write("tmp/old", "old");
        using Daemon daemon = Daemon.Interactive();
        string[] script =
        [
            $"ls -A {scratch["tmp"]} /var/tmp | wc -w", $"can {scratch["tmp"]}/new", $"ls -A {scratch["tmp"]}",
            $"stat -c %a {scratch["tmp"]}", $"stat -f -c %T {scratch["tmp"]}", "can /usr/../usr",
        ];

        for (int run = 0; run < 2; run++)
        {
            Assert.Equal(
                ["2", "yes", "new", "707", "tmpfs", "Is a directory"],
                Ask(daemon, scratch, $"tmp={scratch["tmp"]}⇥tmp=/var/tmp", script));
        }

        Assert.Equal(["old"], Directory.GetFiles(scratch["tmp"]).Select(Path.GetFileName));
    }

    [RootFact]
    public void AHiddenPathIsEmptyAndCannotBeRead()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["home"]);
        scratch.Write("home/secret", "secret");
        scratch.Write("key", "secret");
        string[] script =
        [
            $"ls -A {scratch["home"]}; echo $?", $"can {scratch["home"]}/new", $"cat {scratch["key"]}; echo $?",
            $"can {scratch["key"]}",
        ];
        string mounts = $"hide={scratch["home"]}⇥hide={scratch["key"]}⇥hide=-/no/such/run/user";
        using Daemon daemon = Daemon.Interactive();

        Assert.Equal(
            ["0", "Read-only file system", "0", "Read-only file system"], Ask(daemon, scratch, mounts, script));
        File.SetUnixFileMode(scratch["."], (UnixFileMode)0x1ED);
        daemon.Send("service.user⇥a⇥nobody");
        Assert.Equal(
            ["2", "Permission denied", "1", "Permission denied"], Ask(daemon, scratch, mounts, script));
    }

    [RootFact]
    public void ASmallDirectoryOfDevicesHasWhatEveryProgramExpects()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();

        string[] devices = Ask(daemon, scratch, "dev", "ls /dev | grep -v log");
        string[] works = Ask(
            daemon, scratch, "dev", "can /dev/null", "head -c 3 /dev/zero | od -An -tx1", "can /dev/full",
            "head -c 5 /dev/urandom | wc -c", "echo through | cat /dev/stdin", "can /dev/shm/daemonproxy-mount-test",
            "test -c /dev/ptmx && echo ptmx");

        Assert.Equal(
            [
                "fd", "full", "null", "ptmx", "pts", "random", "shm", "stderr", "stdin", "stdout", "tty", "urandom",
                "zero",
            ],
            devices);
        Assert.Equal(["yes", " 00 00 00", "yes", "5", "through", "yes", "ptmx"], works);

        // The shared memory is that of all.
        Assert.True(File.Exists("/dev/shm/daemonproxy-mount-test"));
        File.Delete("/dev/shm/daemonproxy-mount-test");
    }

    [RootFact]
    public void AnotherPlaceIsSeenAsItIsOutside()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["home/me"]);
        Directory.CreateDirectory(scratch["to"]);
        scratch.Write("home/me/mine", "mine");
        scratch.Write("home/other", "other");
        scratch.Write("file", "file");
        string home = scratch["home"];
        using Daemon daemon = Daemon.Interactive();

        // In the empty directory the place is made, in which it is seen as if nothing were above.
        string[] found = Ask(
            daemon, scratch,
            $"ro=/⇥tmp={home}⇥bind={home}/me:{home}/deep/me⇥bind={home}/me:{scratch["to"]}⇥bind=-/no/such:/usr"
                + $"⇥bind={scratch["file"]}:{home}/deep/file",
            $"cat {home}/deep/me/mine {home}/deep/file; echo", $"ls -A {home}", $"can {scratch["to"]}/new",
            "ls -d /usr/bin", $"can {home}/deep/me/mine");

        Assert.Equal(["minefile", "deep", "yes", "/usr/bin", "yes"], found);
        Assert.True(File.Exists($"{home}/me/new"));
        Assert.False(Directory.Exists($"{home}/deep"));
    }

    [RootFact]
    public void TheWorkingDirectoryIsLookedUpAgain()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["dir/below"]);
        scratch.Write("dir/secret", "secret");
        using Daemon daemon = Daemon.Interactive();
        daemon.Send($"chdir⇥{scratch["dir"]}");

        Assert.Equal([scratch["dir"], "0"], Ask(daemon, scratch, $"tmp={scratch["dir"]}", "pwd", "ls | wc -l"));
        daemon.Send($"chdir⇥{scratch["dir/below"]}");
        Assert.Equal(["/"], Ask(daemon, scratch, $"tmp={scratch["dir"]}", "pwd"));
    }

    [RootFact]
    public void MountsAreThoseOutsideOfTheRoot()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["data"]);
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.root⇥a⇥/usr/..");

        Assert.Equal(
            ["Read-only file system"],
            Ask(daemon, scratch, $"ro={scratch["data"]}", $"can {scratch["data"]}/new"));
    }

    [RootFact]
    public void MountsOfOthersArriveAndThoseOfTheServiceStayInside()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["tmp"]);
        Directory.CreateDirectory(scratch["late"]);
        Launch launch = new Launch(Binary.Path, "-i").Under("/usr/bin/unshare", "--mount", "--propagation", "shared");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send(
            "service.args⇥a⇥/bin/sleep⇥1000", $"service.mounts⇥a⇥tmp={scratch["tmp"]}⇥dev⇥hide=/root",
            "service.start⇥a");
        int service = daemon.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        string before = File.ReadAllText($"/proc/{service}/mountinfo");
        using (ChildProcess mount = new Launch(
            "/usr/bin/nsenter", "--mount", "--target", $"{daemon.Pid}", "mount", "-t", "tmpfs", "late",
            scratch["late"]).Start())
        {
            Assert.Equal(0, mount.AwaitExit().Status);
        }

        Assert.Contains($"{scratch["tmp"]} ", before, StringComparison.Ordinal);
        string inside = File.ReadAllText($"/proc/{service}/mountinfo");
        Assert.Contains($"{scratch["late"]} ", inside, StringComparison.Ordinal);
        string outside = File.ReadAllText($"/proc/{daemon.Pid}/mountinfo");
        Assert.Contains($"{scratch["late"]} ", outside, StringComparison.Ordinal);
        Assert.DoesNotContain($"{scratch["tmp"]} ", outside, StringComparison.Ordinal);
        Assert.DoesNotContain("/.. ", before, StringComparison.Ordinal);
    }

    [RootFact]
    public void AnOldKernelDoesTheSameOneByOne()
    {
        using Scratch scratch = new();
        Directory.CreateDirectory(scratch["da ta/sub"]);
        string data = scratch["da ta"];
        string filter = scratch.Write("filter.py", OldKernel);
        Launch launch = new Launch(Binary.Path, "-i").Under(
            "/usr/bin/unshare", "--mount", "/bin/sh", "-c",
            $"mount -t tmpfs -o nosuid,noexec x '{data}/sub' && exec \"$@\"", "sh", "/usr/bin/env", "python3", filter);
        using Daemon daemon = Daemon.Interactive(launch);

        Assert.Equal(
            ["Read-only file system", "Read-only file system", "Read-only file system", "ro,nosuid,noexec,relatime"],
            Ask(
                daemon, scratch, $"ro={data}⇥ro=/usr", $"can '{data}/new'", $"can '{data}/sub/new'", "can /usr/new",
                "grep ta/sub /proc/self/mountinfo | tail -n 1 | cut -d' ' -f6"));
        Assert.Equal(
            ["Read-only file system", "yes", "yes"],
            Ask(daemon, scratch, $"ro=/⇥rw={data}", "can /root/new", $"can '{data}/new'", $"can '{data}/sub/new'"));
    }

    // Runs the lines in a shell, and returns what they print. Its output is opened outside.
    private static string[] Ask(Daemon daemon, Scratch scratch, string mounts, params string[] lines)
    {
        string script = scratch.Script("ask.sh", string.Join('\n', [Functions, .. lines]));
        File.SetUnixFileMode(script, (UnixFileMode)0x1ED);
        string copy = $"/usr/local/lib/daemonproxy-mount-test-{Environment.ProcessId}";
        File.Copy(script, copy, overwrite: true);
        try
        {
            string output = scratch["answer"];
            File.Delete(output);
            daemon.Send(
                $"fd.open⇥answer⇥write,create⇥{output}", "service.fds⇥a⇥null⇥answer⇥null",
                $"service.args⇥a⇥/bin/sh⇥{copy}", $"service.mounts⇥a⇥{mounts}", "service.start⇥a");
            daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
            daemon.Send("service.mounts⇥a", "fd.delete⇥answer");
            daemon.Await("fd.state⇥answer⇥deleted");
            return File.ReadAllLines(output);
        }
        finally
        {
            File.Delete(copy);
        }
    }
}

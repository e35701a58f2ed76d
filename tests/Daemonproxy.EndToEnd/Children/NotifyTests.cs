using System.Globalization;
using System.IO;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Messages of real processes on their notify sockets, sd_notify(3).</summary>
public class NotifyTests
{
    // say(TEXT, DESCRIPTOR...) sends a message; step(NAME) waits for a file of that name in the folder of the test.
    private const string Sender = """
        import array, os, socket, sys, time
        folder = sys.argv[1]
        address = os.environ['NOTIFY_SOCKET']
        def say(text, *fds):
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', fds))] if fds else []
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                s.sendmsg([text.encode()], rights, 0, '\0' + address[1:] if address[0] == '@' else address)
        def step(name):
            while not os.path.exists(folder + '/' + name):
                time.sleep(0.01)

        """;

    [PythonFact]
    public void MessagesOfAServiceArriveOverACrashAndAnUpgrade()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        Start(daemon, scratch, "a", """
            say('READY=1\nSTATUS=first')
            step('crashed')
            say('RELOADING=1')
            step('upgraded')
            say('READY=1\nSTATUS=\tlast')
            step('never')
            """);
        daemon.Await("service.is_ready⇥a⇥*");
        daemon.Await("service.status⇥a⇥first");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        scratch.Write("crashed", "");
        daemon.Await("service.is_ready⇥a⇥-");
        daemon.Send("reexec⇥-");
        daemon.Sync();
        scratch.Write("upgraded", "");

        daemon.Await("service.is_ready⇥a⇥*");
        daemon.Await("service.status⇥a⇥ last");
        string[] dump = daemon.Dump();
        Assert.Contains(dump, line => Text.Matches(line, "service.is_ready⇥a⇥*"));
        Assert.Contains("service.status⇥a⇥ last", dump);
    }

    [PythonFact]
    public void ManyMessagesAllocateNothingAndLeaveNothing()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥warm⇥/bin/true", "service.ready⇥warm⇥notify", "service.start⇥warm");
        daemon.Await("service.state⇥warm⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        int before = daemon.OpenDescriptors(daemon.Pid);
        Start(daemon, scratch, "a", """
            for number in range(500):
                say('READY=1\nSTATUS=%d\nMAINPID=1\nBARRIER=1' % number, 1)
                say('x' * 5000)
                say('RELOADING=1')
            """);
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");

        daemon.Send("stats⇥gc.allocated");
        daemon.Await("stats⇥gc.allocated⇥0");
        Patience.Until(() => daemon.OpenDescriptors(daemon.Pid) == before, "all that came along is closed");
    }

    [PythonFact]
    public void ADescriptorThatAServiceLeftIsThereForItsNextRun()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive("--debug-crash");
        Start(daemon, scratch, "a", """
            memory = os.memfd_create('state')
            os.write(memory, b'kept')
            say('FDSTORE=1\nFDNAME=state', memory)
            """, "service.ready⇥a⇥-⇥store=1");
        daemon.Await("fd.state⇥a.state⇥file⇥read,write⇥unknown");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Send("debug.crash⇥wild");
        daemon.Await("overflow");
        daemon.Send("service.fds⇥a⇥null⇥null⇥stderr⇥a.state", "service.listen⇥a⇥+");
        Start(daemon, scratch, "a", """
            assert os.environ['LISTEN_FDNAMES'] == 'a.state'
            say('STATUS=' + os.pread(3, 100, 0).decode() + '\nFDSTOREREMOVE=1\nFDNAME=state')
            """, "service.ready⇥a⇥-⇥store=1");

        daemon.Await("service.status⇥a⇥kept");
        daemon.Await("fd.state⇥a.state⇥deleted");
    }

    [StraceFact]
    public void AFifoIsStoredWithoutAskingItsFileSystem()
    {
        Assert.Null(Python.Obstacle);
        using Scratch scratch = new();
        using Daemon daemon = Trace.Start(scratch, "readlinkat,fstat,newfstatat", out Trace trace);
        Start(daemon, scratch, "a", """
            os.mkfifo(folder + '/fifo')
            say('FDSTORE=1\nFDNAME=fifo', os.open(folder + '/fifo', os.O_RDWR))
            reader, writer = os.pipe()
            say('FDSTORE=1\nFDNAME=pipe', reader)
            """, "service.ready⇥a⇥-⇥store=2");
        daemon.Await("fd.state⇥a.fifo⇥file⇥read,write⇥unknown");
        daemon.Await("fd.state⇥a.pipe⇥file⇥read⇥unknown");

        // A fifo has a file system, which may not answer fstat(2).
        (double Time, string Call)[] looks = trace.Await(2, "readlinkat(AT_FDCWD, \"/proc/self/fd/");
        Assert.Contains("\"/", looks[0].Call[30..], System.StringComparison.Ordinal);
        Assert.Contains("\"pipe:[", looks[1].Call, System.StringComparison.Ordinal);
        string number = looks[0].Call.Split('"')[1].Split('/')[^1];
        Assert.DoesNotContain(
            trace.Calls($"fstat({number},", $"newfstatat({number},"),
            call => call.Time >= looks[0].Time && call.Time < looks[1].Time);
        Assert.NotEmpty(trace.Calls("fstat(", "newfstatat("));
    }

    [PythonFact]
    public void AServiceThatIsLateIsAnnounced()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        Start(daemon, scratch, "a", """
            assert int(os.environ['WATCHDOG_PID']) == os.getpid()
            for _ in range(15):
                say('WATCHDOG=1')
                time.sleep(0.1)
            say('STATUS=' + os.environ['WATCHDOG_USEC'])
            step('never')
            """, "service.process⇥a⇥watchdog=1");

        daemon.Await("service.status⇥a⇥1000000");
        daemon.Await("service.watchdog⇥a⇥*");
        daemon.Await("service.watchdog⇥a⇥*");
    }

    [RootFact]
    public void OnlyItsOwnUserAndProcessesAreBelieved()
    {
        Assert.Null(Python.Obstacle);
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        File.SetUnixFileMode(scratch["."], (UnixFileMode)0x1ED);
        daemon.Send("service.process⇥a⇥session");
        Start(daemon, scratch, "a", """
            def say_as(user, text):
                child = os.fork()
                if child == 0:
                    os.setsid()
                    os.setresuid(user, user, user)
                    say(text)
                    os._exit(0)
                os.waitpid(child, 0)
            say_as(12345, 'STATUS=forged')
            say_as(4321, 'STATUS=not its user either')
            os.setresuid(4321, 4321, 4321)
            say('STATUS=its own process, which is another user now')
            """);

        // The first status that is announced.
        Assert.Equal("its own process, which is another user now", daemon.AwaitField("service.status⇥a⇥*", 2));
        daemon.Send("service.user⇥b⇥4321⇥4321");
        Start(daemon, scratch, "b", "say('STATUS=%d' % os.getuid())\nstep('never')");
        daemon.Await("service.status⇥b⇥4321");
    }

    [RootFact]
    public void NobodyCanListTheNameOfASocket()
    {
        Assert.Null(Python.Obstacle);
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        Start(daemon, scratch, "a", "say('STATUS=' + address)\nstep('end')");
        string path = daemon.AwaitField("service.status⇥a⇥*", 2);

        Assert.True(File.Exists(path));
        Assert.DoesNotContain(Path.GetFileName(path), File.ReadAllText("/proc/net/unix"));
        UnixFileMode mode = File.GetUnixFileMode(Path.GetDirectoryName(path)!);
        Assert.Equal(UnixFileMode.None, mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead));
        scratch.Write("end", "");
        Patience.Until(() => !File.Exists(path), "the file is removed");
        File.Delete(scratch["end"]);
        daemon.Send("service.start⇥a");
        path = daemon.AwaitField("service.status⇥a⇥*", 2);
        daemon.Send("terminate⇥0");
        daemon.AwaitExit();
        Assert.False(File.Exists(path));
        scratch.Write("end", "");
    }

    [PythonFact]
    public void TheVariablesOfTheDaemonsOwnSupervisorReachNoService()
    {
        using Scratch scratch = new();
        Launch launch = new(
            "/usr/bin/env", "NOTIFY_SOCKET=/nowhere", "WATCHDOG_USEC=5", "WATCHDOG_PID=1", "LISTEN_FDS=1",
            "LISTEN_PID=1", "LISTEN_FDNAMES=x", "KEPT=yes", Binary.Path, "-i");
        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Send(
            "service.fds⇥a⇥null⇥null⇥null",
            $"service.args⇥a⇥/bin/sh⇥-c⇥env | grep -E '^(NOTIFY|WATCHDOG|LISTEN|KEPT)' >{scratch["seen"]}",
            "service.start⇥a");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");

        Assert.Equal(["KEPT=yes"], File.ReadAllLines(scratch["seen"]));
    }

    [PidNamespaceFact]
    public void WithoutAPlaceForFilesTheAddressIsAbstract()
    {
        Assert.Null(Python.Obstacle);
        using Scratch scratch = new();
        string script = scratch.Script("start", $"mount -t tmpfs -o ro none /run && exec {Binary.Path} -i");
        using Daemon daemon = Daemon.Interactive(new Launch("/usr/bin/unshare", "--mount", script));
        Start(daemon, scratch, "a", "say('STATUS=' + address[0])\nstep('never')");

        daemon.Await("service.status⇥a⇥@");
    }

    [PythonFact]
    public void AServiceThatSendsDescriptorsFasterThanTheyAreClosedHasToWait()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        Start(daemon, scratch, "a", """
            most = 0
            for count in range(200):
                say('FDSTORE=1', *[0] * 200)
                most = max(most, len(os.listdir('/proc/%d/fd' % os.getppid())))
            say('STATUS=%d' % most)
            step('never')
            """);

        int most = int.Parse(daemon.AwaitField("service.status⇥a⇥*", 2), CultureInfo.InvariantCulture);
        Assert.InRange(most, 1, 1_200);
    }

    private static void Start(
        Daemon daemon, Scratch scratch, string name, string program, string setting = "service.ready⇥*⇥notify")
    {
        string service = Python.Service(scratch, name, Sender + program);
        daemon.Send(
            setting.Replace("*", name, System.StringComparison.Ordinal),
            $"service.args⇥{name}⇥{service}⇥{scratch["."]}", $"service.start⇥{name}");
    }
}

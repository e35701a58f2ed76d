using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// The next line of a conversation that one seed decides, in the notation of transcripts: commands, right and wrong,
/// and what happens around the daemon. Names and values come from small pools, so that things meet.
/// </summary>
internal sealed class RandomConversation(Random random)
{
    private static readonly string[] _services = ["a", "b", "c", "d", "boss", "watcher", "-", "..", "x.y-z_0"];
    private static readonly string[] _fds =
        ["r", "w", "log", "null", "stderr", "stdin", "control.event", "control.socket", "control.cmd", "r2", "w2"];

    private static readonly string[] _programs =
        ["/bin/runs", "/bin/once", "/bin/dies", "/bin/soon", "/bin/slow", "/bin/hangs", "/bin/stuck", "runs",
         "/bin/none", "/tmp", ""];

    private static readonly string[] _signals = ["TERM", "SIGKILL", "HUP", "0", "CONT", "INT", "65", "x", "USR1"];
    private static readonly string[] _paths =
        ["/tmp/a", "/tmp/b", "/dev/null", "/dev/full", "/tmp/x/y", "/none/a", "/slow", "/silent", "/stuck"];

    private static readonly string[] _fileFlags =
        ["read", "write,create", "write,create,append", "", "read,x", "mkdir,create,write",
         "create,mode=640,owner=www-data:adm", "create,write,owner=:4", "write,mode=7"];

    private static readonly string[] _socketFlags =
        ["unix,listen", "unix,listen,mode=660", "unix,listen=5,nonblock,mode=0,owner=www-data:", "unix,dgram,owner=7",
         "unix,bind,owner=nobody", "tcp,listen,mode=600"];

    private static readonly string[] _faults =
        ["Pipe EMFILE", "SocketPair ENFILE", "Open EMFILE", "Spawn EAGAIN 2", "Spawn ENOMEM", "Kill EPERM",
         "ReserveImage ENOMEM 3", "SetNonblocking EPERM", "Write EAGAIN", "Read EINTR", "Read EAGAIN", "Write EINTR 3",
         "Watch ENOSPC 2", "SetOwner EPERM", "SetPermissions EPERM", "Rename EROFS", "Bind ENOSPC"];

    private static readonly string[] _waysToBeReady =
        ["notify", "notify", "notify⇥store=2", "-⇥store=1", "fd=3", "exit", "-"];

    /// <summary>The world before the daemon starts.</summary>
    public static string[] Setup =>
    [
        "* program /bin/runs", "* program /bin/once exits 0", "* program /bin/dies dies of SIGSEGV",
        "* program /bin/soon exits 7 after 1500ms", "* program /bin/slow loads 700ms exits 1",
        "* file /slow x", "* delay /slow 3s", "* file /silent x", "* remote /silent", "* delay /silent never",
        "* file /stuck x", "* delay /stuck 40s stuck",
        "* program /bin/hangs hangs", "* program /bin/stuck loads 90s stuck",
        "* program /bin/next says daemonproxy can resume⏎",
        "$ daemonproxy -i --debug-crash",
    ];

    public string NextLine() => random.Next(100) switch
    {
        < 53 => "> " + Commands(),
        < 57 => $"* {Service()} {ServiceAct()}",
        < 58 => "> " + Flood(),
        < 66 => "boss> " + Commands(),
        < 67 => "boss> " + Flood(),
        < 78 => Wait(),
        < 82 => $"* signal {One("SIGTERM", "SIGHUP", "SIGUSR1", "SIGINT")}",
        < 88 => $"* {Service()} exits {random.Next(5)}",
        < 90 => $"* {Service()} dies of SIGKILL",
        < 93 => $"* fail {One(_faults)}",
        < 95 => $"* {One("boss", "boss", "watcher", "log", "session")} {One("stalls", "stalls", "reads")}",
        < 96 => One($"* {Service()} closes {random.Next(3)}", $"* remove /tmp/socket{random.Next(3)}"),
        < 97 => $"* descriptors {random.Next(6)}",
        < 98 => "* descriptors 500",
        < 99 => random.Next(3) switch
        {
            0 => "* stranger exits",
            1 => $"> debug.crash⇥throw⇥{Point()}",
            _ => $"> reexec⇥{One("-", "/bin/next", "/bin/runs", "/bin/hangs")}",
        },
        _ => $"* crash after {random.Next(60)}",
    };

    private string Commands()
    {
        string commands = Command();
        while (random.Next(3) == 0)
        {
            commands += "⏎" + Command();
        }

        return commands;
    }

    private string Command() => random.Next(25) switch
    {
        0 => $"service.args⇥{Service()}⇥{One(_programs)}⇥x",
        1 => $"service.args⇥{Service()}⇥/bin/runs",
        2 => $"service.tags⇥{Service()}⇥«t×{1 + random.Next(900)}»",
        3 => $"service.fds⇥{Service()}⇥{One(_fds)}⇥{One(_fds)}⇥-⇥{One(_fds)}",
        4 => "service.fds⇥boss⇥control.socket⏎service.args⇥boss⇥/bin/runs⏎service.start⇥boss",
        5 => "service.fds⇥watcher⇥control.event⏎service.args⇥watcher⇥/bin/runs⏎service.start⇥watcher",
        6 => $"service.auto_up⇥{Service()}⇥{random.Next(6)}⇥{One("always", "HUP", "TERM⇥USR1", "x", "")}",
        7 => $"service.auto_up⇥{Service()}⇥-",
        8 or 9 => $"service.start⇥{Service()}",
        10 => $"service.start⇥{Service()}⇥{980 + random.Next(200)}",
        11 => $"service.start⇥{Service()}⇥-",
        12 => $"service.signal⇥{Service()}⇥{One(_signals)}{One("", "⇥group", "⇥x")}",
        13 => $"service.delete⇥{Service()}",
        14 => $"fd.open⇥{One(_fds)}⇥{One(_fileFlags)}⇥{One(_paths)}",
        15 => $"fd.pipe⇥{One(_fds)}⇥{One(_fds)}⇥{One("-", "nonblock", "", "x")}",
        16 => $"fd.delete⇥{One(_fds)}",
        17 => One("statedump", "stats", "echo⇥x", "log.filter", "nonsense", "# x", "log.filter⇥debug"),
        18 => $"echo⇥«e×{1 + random.Next(4000)}»",
        19 => $"service.ready⇥{Service()}⇥{One(_waysToBeReady)}",
        20 => $"service.process⇥{Service()}⇥{One("session", "session⇥leave=1", "watchdog=2", "watchdog=1", "")}",
        21 => $"service.stop⇥{Service()}{One("", "⇥0", "⇥2", "⇥3⇥INT", "⇥-")}",
        22 => $"service.user⇥{Service()}{One("", "⇥33⇥33", "⇥33")}⏎service.root⇥{Service()}{One("", "", "⇥/srv")}",
        23 => $"fd.socket⇥{One(_fds)}⇥{One(_socketFlags)}⇥/tmp/socket{random.Next(3)}",
        _ => $"service.start⇥{Service()}⏎service.delete⇥{Service()}⏎service.args⇥{Service()}⇥/bin/soon",
    };

    // What a service, or a process that it has made, does. A message may come late, or from somebody else.
    private string ServiceAct() => random.Next(8) switch
    {
        0 => "forks",
        1 => $"sends{One(" -", " - -", " /dev/null")}",
        2 => $"notifies FDSTORE=1{One("", "⏎FDNAME=one", "⏎FDNAME=two", "⏎FDNAME=b b")}",
        3 => $"notifies {One("FDSTOREREMOVE=1⏎FDNAME=one", "BARRIER=1", "WATCHDOG=1", "WATCHDOG=trigger", "x")}",
        4 => $"descendant {One("-", "in")} {One("0", "33", "1000")} {Message()}",
        _ => $"notifies {Message()}",
    };

    private string Message() => One(
        "READY=1", "READY=1⏎STATUS=well", "RELOADING=1", "STOPPING=1", "STATUS=s", "MAINPID=4711", "MAINPID=1⏎STATUS=",
        "EXTEND_TIMEOUT_USEC=3000000", "WATCHDOG_USEC=700000");

    private string Point()
    {
        CrashPoint[] points = Enum.GetValues<CrashPoint>();
        return System.Text.Encoding.ASCII.GetString(points[random.Next(points.Length)].Text());
    }

    // More than a pipe and an outbox hold together.
    private string Flood()
    {
        string text = new('f', 20 + random.Next(300));
        return random.Next(8) == 0
            ? $"«statedump⏎×{20 + random.Next(60)}»"
            : $"«{One("echo", "service.tags⇥a", "nonsense")}⇥{text}⏎×{300 + random.Next(900)}»";
    }

    private string Wait() => random.Next(12) == 0
        ? "* wait 40s"
        : $"* wait {One("1ms", "500ms", "1s", "3s", "5s")}";

    private string Service() => One(_services);

    private string One(params string[] pool) => pool[random.Next(pool.Length)];
}

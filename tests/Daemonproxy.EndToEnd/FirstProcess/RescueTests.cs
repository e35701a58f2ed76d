using System;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Daemonproxy.EndToEnd.Machines;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>
/// The service <c>rescue</c> of a process 1 that has nothing else to do: a root directory of its own, with a
/// pseudoterminal as its console.
/// </summary>
public class RescueTests
{
    [PidNamespaceFact]
    public void AMissingConfigGivesAShellOnTheConsoleThatControlsTheDaemon()
    {
        using Console console = new("");
        console.Await("the config file cannot be opened: starting service 'rescue'");
        console.Type("echo \"session $(($(ps -o sess= -p $$) - $$)) terminal $(tty)\"");
        console.Await("session 0 terminal /dev/console");
        console.Type("printf 'echo\\tit-%s\\n' answers >&3; read -r line <&4; echo \"$line\"");
        console.Await("service.state");
        console.Type("read -r line <&4; echo \"$line\"");
        console.Await("it-answers");

        // ^C reaches what runs in it: the console is its controlling terminal.
        console.Type("sh -c 'echo runs-$((40 + 2)); exec sleep 1000'; echo over $?");
        console.Await("runs-42");
        console.Type("\x03", isLine: false);
        console.Type("echo after");
        console.Await("after");
        console.Type("exit 0");
        console.Type("echo again-$((40 + 2))");
        console.Await("again-42");
    }

    [PidNamespaceFact]
    public void AConfigWithBlanksForTabsDoesSoToo()
    {
        using Console console = new("service.args web /bin/sleep 1000\nservice.start web\n");
        console.Await("fields are separated by TABs");
        console.Await("leaves neither a service nor a control socket");
        console.Type("echo again-$((40 + 2))");
        console.Await("again-42");
    }

    [PidNamespaceFact]
    public void AWordOfTheCommandLineLeavesTheConfigUnread()
    {
        using Console console = new("service.args\tweb\t/bin/sleep\t1000\nservice.start\tweb\n", "single");
        console.Await("the kernel's command line asks for it");
        console.Type("echo \"found $(pgrep -c -x sleep)\"");
        console.Await("found 0");

        // The config can be run from here.
        console.Type("cat /etc/daemonproxy.conf >&3; until pgrep -x sleep; do :; done");
        console.Type("echo \"found $(pgrep -c -x sleep)\"");
        console.Await("found 1");
    }

    [PidNamespaceFact]
    public void ASignalGivesAWayInWhenNoControllerReads()
    {
        using Console console = new("service.args\tweb\t/bin/sleep\t1000\nservice.start\tweb\n");
        Patience.Until(() => console.HasService, "the service runs");
        console.Signal(Rescue);
        console.Await("a signal asks for it, and no controller reads");
        console.Type("echo again-$((40 + 2))");
        console.Await("again-42");
    }

    [PidNamespaceFact]
    public void ItsOwnProgramComesFirst()
    {
        using Console console = new("", script: "echo this is my rescue; exec /bin/sh");
        console.Await("this is my rescue");
    }

    [PidNamespaceFact]
    public async Task InAContainerWithoutATerminalTheExitCodeTells()
    {
        using Scratch root = new();
        Launch launch = new Launch([Binary.Path]).Under(
            "/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child=KILL",
            "/usr/sbin/chroot", Console.MakeRoot(root, null, null), "/init");
        launch.Command.RemoveAt(launch.Command.Count - 1);
        using Daemon process = Daemon.Start(launch);
        Assert.Equal(3, process.AwaitExit().Code);
        await ConsoleText.Verify(string.Join('\n', process.Log.AwaitEnd()), "Container.AMissingConfig");
    }

    private const int Rescue = 35;

    /// <summary>A machine of one process, and who sits at its console.</summary>
    private sealed class Console : IDisposable
    {
        private readonly Scratch _root = new();
        private readonly Fd _master;
        private readonly ChildProcess _process;

        public Console(string config, string? word = null, string? script = null)
        {
            (_master, Fd terminal) = Fd.Pseudoterminal();
            string root = MakeRoot(_root, config.Length > 0 ? config : null, script);
            string name = Proc.Descriptors(Environment.ProcessId)[terminal.Number];
            string setUp = $"/bin/mount --bind {name} {root}/dev/console && /bin/mount --bind /usr {root}/usr"
                + $" && /bin/mount -t proc proc {root}/proc && exec /usr/sbin/chroot {root} /init {word}";
            Launch launch = new Launch("/bin/sh", "-c", setUp).Under(
                "/usr/bin/unshare", "--pid", "--mount", "--fork", "--kill-child=KILL");
            launch.Descriptors.Add(0, terminal);
            launch.Descriptors.Add(1, terminal);
            launch.Descriptors.Add(2, terminal);
            _process = launch.Start();
            terminal.Dispose();
            Output = new LineStream(_master, "the console", isTerminal: true);
        }

        public LineStream Output { get; }

        public bool HasService =>
            FirstProcess > 0 && Array.Exists(Proc.Children(FirstProcess), IsSleep);

        private int FirstProcess => Proc.Children(_process.Pid) is [int first, ..] ? first : 0;

        // A child of the shell before it may be gone by now.
        private static bool IsSleep(int pid)
        {
            try
            {
                return Proc.Status(pid, "Name") == "sleep";
            }
            catch (IOException)
            {
                return false;
            }
        }

        public static string MakeRoot(Scratch root, string? config, string? script)
        {
            foreach (string directory in (string[])["dev", "etc", "usr", "proc", "sbin"])
            {
                Directory.CreateDirectory(root[directory]);
            }

            foreach (string link in (string[])["bin", "lib", "lib64"])
            {
                File.CreateSymbolicLink(root[link], $"usr/{link}");
            }

            File.Copy(Binary.Static, root["init"]);
            if (config is not null)
            {
                root.Write("etc/daemonproxy.conf", config);
            }

            if (script is not null)
            {
                root.Script("etc/daemonproxy.rescue", script);
            }

            File.WriteAllText(root["dev/console"], string.Empty);
            return root["."].TrimEnd('.').TrimEnd('/');
        }

        public void Await(string part) =>
            Output.Await(line => line.Contains(part, StringComparison.Ordinal), $"a line with {part}");

        public void Type(string line, bool isLine = true) => _master.TryWrite(Text.Bytes(line + (isLine ? "\n" : "")));

        public void Signal(int signal) => _ = kill(FirstProcess, signal);

        public void Dispose()
        {
            _process.Dispose();
            Output.Dispose();
            _root.Dispose();
        }
    }
}

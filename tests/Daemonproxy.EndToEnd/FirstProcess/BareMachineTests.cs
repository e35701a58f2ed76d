using System;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>
/// The first process of a machine on which nothing is: a root directory with the static program and its config, and no
/// /proc, no /dev, no /tmp, no environment, no standard streams.
/// </summary>
public class BareMachineTests
{
    // --help ends at once with 1, and needs nothing.
    private const string Config = "service.args\thelp\t/sbin/init\t--help\nservice.start\thelp\n";

    [PidNamespaceFact]
    public void TheDaemonRunsWithNothingButItself()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, "exec /usr/bin/env -i", "0<&- 1>&- 2>&-", "-S", "/control");
        using Connection connection = ConnectTo(root);
        Patience.Until(() => Has(connection.Dump(), "service.state⇥help⇥down⇥*⇥*⇥exit⇥1⇥*⇥*"), "the service has run");
        string[] found = connection.Dump();
        Assert.Contains("fd.state⇥null⇥special⇥read,write⇥/dev/null", found);
        Assert.Contains("fd.state⇥stdout⇥file⇥read,write⇥unknown", found);
        Assert.Contains("fd.state⇥stderr⇥file⇥read,write⇥unknown", found);
        Assert.DoesNotContain(found, line => line.StartsWith("fd.state⇥fd_", StringComparison.Ordinal));
        Assert.Equal("1", Proc.Status(daemon.Pid, "NSpid").Split('\t')[^1]);
    }

    [PidNamespaceFact]
    public void AServiceThatNamesTheStreamsRunsAlthoughTheyAreClosedAndThereIsNoDev()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, "exec /usr/bin/env -i", "0<&- 1>&- 2>&-", "-S", "/control");
        using Connection connection = ConnectTo(root);
        connection.Send("service.fds⇥help⇥stdin⇥stdout⇥stderr", "service.start⇥help");
        connection.Await("service.state⇥help⇥down⇥*⇥*⇥exit⇥1⇥*⇥*");

        // A device node that is null(4), and has no name any more.
        Assert.All([0, 1, 2], number => Assert.EndsWith(
            "/.daemonproxy-null (deleted)", Proc.Descriptors(daemon.Pid)[number], StringComparison.Ordinal));
    }

    [PidNamespaceFact]
    public void TheRealNullDeviceIsTakenOnceItIsThere()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, ReadOnly(root), string.Empty, "-i");
        daemon.Send("service.start⇥help");
        daemon.Await("service.state⇥help⇥down⇥**");
        Assert.DoesNotContain("/dev/null", Proc.Descriptors(daemon.Pid).Values);
        Directory.CreateDirectory(root["dev"]);
        using ChildProcess device = new Launch("/bin/mknod", root["dev/null"], "c", "1", "3").Start();
        Assert.Equal(0, device.AwaitExit().Status);
        daemon.Send("service.start⇥help");

        // The config starts it, too: the end of a run may be that of an earlier one.
        Patience.Until(
            () => Proc.Descriptors(daemon.Pid).Values.Count(
                path => path.EndsWith("/dev/null", StringComparison.Ordinal)) == 1,
            "the device is taken");
    }

    [PidNamespaceFact]
    public void TheDaemonSurvivesACrashWithNothingButItself()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, "exec /usr/bin/env -i", "0<&- 1>&- 2>&-", "-S", "/control");
        using Connection connection = ConnectTo(root);
        connection.Sync();
        daemon.Signal(SIGSEGV);
        connection.Await("overflow");
        Assert.Equal(1, connection.Counters()["crashes"]);
    }

    [PidNamespaceFact]
    public void TheDaemonRunsOnARootThatCannotBeWritten()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, ReadOnly(root), string.Empty, "-i");
        Assert.NotEmpty(daemon.Sync());
        string[] refused = daemon.Ask("fd.open⇥x⇥write,create⇥/x", "socket.create⇥⇥/control");
        Assert.Equal(2, refused.Count(line => line.StartsWith("error⇥", StringComparison.Ordinal)));
        daemon.Send("service.start⇥help");
        daemon.Await("service.state⇥help⇥down⇥*⇥*⇥exit⇥1⇥*⇥*");
    }

    [PidNamespaceFact]
    public void WordsForTheKernelAreLoggedAndIgnored()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, "exec", string.Empty, "-i", "quiet", "--splash", "root=/dev/sda1", "-x");
        daemon.Sync();
        daemon.Log.Await("fatal: (attempting to continue) Unexpected argument \"quiet\"");
        daemon.Log.Await("fatal: (attempting to continue) Unknown option --splash  (see --help)");
        daemon.Log.Await("fatal: (attempting to continue) Unexpected argument \"root=/dev/sda1\"");
        daemon.Log.Await("fatal: (attempting to continue) Unknown option -x  (see --help)");
    }

    [PidNamespaceFact]
    public void NothingEndsItButAProgramInItsPlace()
    {
        using Scratch root = new();
        using Daemon daemon = Start(root, "exec", string.Empty, "-i");
        daemon.Sync();
        daemon.Send("terminate⇥0⇥1");
        daemon.Await("error⇥cannot exit, and exec-on-exit is not configured, for command \"terminate⇥**");
        daemon.Send("terminate.guard⇥-⇥1", "terminate⇥0");
        daemon.Await("error⇥cannot exit, and exec-on-exit is not configured, for command \"terminate⇥**");
        foreach (int signal in (int[])[SIGTERM, SIGINT, SIGHUP, SIGQUIT])
        {
            daemon.Signal(signal);
        }

        daemon.Await("signal⇥SIGQUIT⇥*⇥1");
        daemon.Signal(SIGPWR);
        daemon.Await("signal⇥SIGPWR⇥*⇥1");
        daemon.Signal(SIGWINCH);
        daemon.Await("signal⇥SIGWINCH⇥*⇥1");

        // --help ends with 1, as nothing of the daemon's does here.
        daemon.Send("terminate.exec_args⇥/sbin/init⇥--help", "terminate⇥0");
        Assert.Equal(1, daemon.AwaitExit().Code);
    }

    private static string ReadOnly(Scratch root)
    {
        string path = root["."];
        return $"/bin/mount --bind {path} {path} && /bin/mount -o remount,bind,ro {path} && exec";
    }

    // An own mount namespace, in which the directory becomes the root; the shell words stand before and after.
    private static Daemon Start(Scratch root, string before, string after, params string[] options)
    {
        Directory.CreateDirectory(root["sbin"]);
        Directory.CreateDirectory(root["etc"]);
        File.Copy(Binary.Static, root["sbin/init"]);
        root.Write("etc/daemonproxy.conf", Config);
        string script = $"{before} /usr/sbin/chroot {root["."]} \"$0\" \"$@\" {after}";
        Launch launch = new Launch(["/sbin/init", .. options]).Under(
            "/usr/bin/unshare", "--pid", "--mount", "--fork", "--kill-child=KILL", "/bin/sh", "-c", script);
        Daemon daemon = Daemon.Start(launch);
        try
        {
            Patience.Until(daemon.IsThere, "the first process is there");
        }
        catch
        {
            daemon.Dispose();
            throw;
        }

        return daemon;
    }

    private static Connection ConnectTo(Scratch root)
    {
        Patience.Until(() => File.Exists(root["control"]), "there is a control socket");
        return Connection.To(root["control"]);
    }

    private static bool Has(string[] lines, string pattern) =>
        lines.Any(line => Text.Matches(Text.WithTabs(line), pattern));
}

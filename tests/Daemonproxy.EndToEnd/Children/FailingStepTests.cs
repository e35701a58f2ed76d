using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Children;

/// <summary>Each step of a start fails for real, and its event says which one, why and on what.</summary>
public class FailingStepTests
{
    // A user who may do nothing that needs rights.
    private static readonly string[] _nobody =
        ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"];

    [Theory]
    [InlineData("service.user⇥a⇥no.such.user", "account⇥ENOENT⇥no.such.user")]
    [InlineData("service.user⇥a⇥root⇥no.such.group", "account⇥ENOENT⇥no.such.group")]
    [InlineData("service.user⇥a⇥987654", "account⇥ENOENT⇥987654")]
    [InlineData("service.fds⇥a⇥null⇥missing", "descriptors⇥EBADF⇥missing")]
    [InlineData("service.args_from⇥a⇥missing", "texts⇥EBADF⇥missing")]
    [InlineData("service.process⇥a⇥tty=0", "session⇥ENOTTY⇥tty=0")]
    [InlineData("service.process⇥a⇥sched=other⇥cpus=0⇥cpus=1023", "sched⇥EINVAL⇥cpus=1023")]
    [InlineData("service.root⇥a⇥/no/such/root", "root⇥ENOENT⇥/no/such/root")]
    [InlineData("service.dir⇥a⇥/no/such/directory", "dir⇥ENOENT⇥/no/such/directory")]
    [InlineData("service.args⇥a⇥/no/such/program", "execute⇥ENOENT⇥/no/such/program")]
    public void AStepFailsForAnybody(string setting, string failure) => Fail(Daemon.Interactive(), setting, failure);

    [RootFact]
    public void AStepFailsForAUserWithoutRights()
    {
        (string Setting, string Failure)[] steps =
        [
            ("service.process⇥a⇥sched=fifo:1", "sched⇥EPERM⇥sched=fifo:1"),
            ("service.process⇥a⇥nice=-5", "nice⇥EACCES⇥nice=-5"),
            ("service.process⇥a⇥ionice=realtime", "ionice⇥EPERM⇥ionice=realtime"),
            ("service.process⇥a⇥oom=-900", "oom⇥EACCES⇥/proc/self/oom_score_adj"),
            ("service.limits⇥a⇥core=0⇥nofile=999999999", "limits⇥EPERM⇥nofile=999999999"),
            ("service.mounts⇥a⇥ro=/", "mounts⇥EPERM⇥"),
            ("service.root⇥a⇥/", "root⇥EPERM⇥/"),
            ("service.user⇥a⇥0⇥0⇥-", "groups⇥EPERM⇥0"),
            ("service.process⇥a⇥caps=chown", "caps⇥EPERM⇥caps=chown"),
        ];
        foreach ((string setting, string failure) in steps)
        {
            Launch launch = new Launch(Binary.Path, "-i").Under(_nobody);
            Fail(Daemon.Interactive(launch), setting, failure);
        }
    }

    [RootFact]
    public void AMountFailsForRoot()
    {
        Fail(Daemon.Interactive(), "service.mounts⇥a⇥ro=/⇥rw=/no/such/path", "mounts⇥ENOENT⇥rw=/no/such/path");
        Fail(Daemon.Interactive(), "service.mounts⇥a⇥dev⇥tmp=/etc/passwd", "mounts⇥ENOTDIR⇥tmp=/etc/passwd");
        Fail(Daemon.Interactive(), "service.mounts⇥a⇥hide=/no/such", "mounts⇥ENOENT⇥hide=/no/such");
        Fail(Daemon.Interactive(), "service.mounts⇥a⇥bind=/no/such:/etc", "mounts⇥ENOENT⇥bind=/no/such:/etc");
        Fail(Daemon.Interactive(), "service.mounts⇥a⇥bind=/etc:/no/such", "mounts⇥ENOENT⇥bind=/etc:/no/such");
    }

    [RootFact]
    public void AUserWithoutTheRightToBecomeAnotherFailsAtThat()
    {
        Launch launch = new(
            "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all,+setgid",
            "--ambient-caps=-all,+setgid", Binary.Path, "-i");
        Fail(Daemon.Interactive(launch), "service.user⇥a⇥12⇥34", "user⇥EPERM⇥12");
    }

    // PR_SET_NO_NEW_PRIVS and PR_SET_PDEATHSIG, linux/prctl.h: the kernel itself refuses neither to anybody.
    [PythonTheory]
    [InlineData(38, "no-new-privs", "no-new-privs⇥EPERM⇥no-new-privs")]
    [InlineData(1, "pdeath=TERM", "pdeath⇥EPERM⇥pdeath=TERM")]
    public void AStepThatAFilterForbidsFails(int operation, string word, string failure)
    {
        Launch launch = new Launch(Binary.Path, "-i").Under(SystemCallFilter.WithoutControl(operation));
        Fail(Daemon.Interactive(launch), $"service.process⇥a⇥{word}", failure);
    }

    [PidNamespaceFact]
    public void ANotifySocketWithoutItsNameFailsAtThat()
    {
        // In a directory of files that can only be added, nothing is renamed: chattr(1).
        using Scratch scratch = new();
        string script = scratch.Script("start", $"""
            mount -t tmpfs none /run && mkdir -m 711 /run/daemonproxy.notify && chattr +a /run/daemonproxy.notify
            exec {Binary.Path} -i
            """);
        Launch launch = new("/usr/bin/unshare", "--mount", script);
        Fail(Daemon.Interactive(launch), "service.ready⇥a⇥notify", "notify⇥EPERM⇥*");
    }

    private static void Fail(Daemon started, string setting, string failure)
    {
        using Daemon daemon = started;
        daemon.Send("service.args⇥a⇥/bin/true", setting, "service.start⇥a");

        daemon.Await($"service.failed⇥a⇥*⇥{failure}");
        daemon.Await("service.state⇥a⇥down⇥*⇥*⇥exit⇥3⇥*⇥*");
    }
}

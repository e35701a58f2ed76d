using System;
using System.Globalization;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>-M: what is touched stays in memory, and nothing is touched for it.</summary>
public class LockedMemoryTests
{
    // All of the address space is locked, in kilobytes, though hardly any of it is there.
    private const long LeastLocked = 10_000;

    // What an unlocked daemon gives back after its start, in kilobytes, stays; locking all at once would bring 18 MB.
    private const long MostMore = 2_500;

    [PrivilegedFact]
    public void TheMemoryIsLockedAndHardlyGrows()
    {
        using Daemon plain = Daemon.Interactive();
        using Daemon locked = Daemon.Interactive("-M");
        Assert.InRange(Proc.StatusNumber(plain.Pid, "VmLck"), 0, 100);
        Assert.InRange(Proc.StatusNumber(locked.Pid, "VmLck"), LeastLocked, long.MaxValue);
        long most = Proc.Kilobytes(plain.Pid, "Rss") + MostMore;
        Assert.InRange(Proc.Kilobytes(locked.Pid, "Rss"), 1, most);

        // A new process image has to ask again; services are not locked.
        locked.Signal(SIGSEGV);
        locked.Await("overflow");
        Assert.InRange(Proc.StatusNumber(locked.Pid, "VmLck"), LeastLocked, long.MaxValue);
        locked.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.start⇥a");
        int service = locked.AwaitUp("a");
        Proc.AwaitRest(service, "sleep");
        Assert.Equal(0, Proc.StatusNumber(service, "VmLck"));
    }

    [PrivilegedFact]
    public void TheMemoryIsLockedInTheBackgroundToo()
    {
        using Scratch scratch = new();
        using Daemon parent = Daemon.Start("--mlockall", "-D", "-S", scratch["socket"]);
        Assert.Empty(parent.AwaitOutputEnd());
        int pid = int.Parse(parent.Heard, CultureInfo.InvariantCulture);
        Assert.InRange(Proc.StatusNumber(pid, "VmLck"), LeastLocked, long.MaxValue);
    }

    [Fact]
    public void WhereItIsNotPermittedThatIsLoggedAndTheDaemonRuns()
    {
        Launch launch = new Launch(Binary.Path, "-iM").After("ulimit -l 64");
        if (Environment.IsPrivilegedProcess)
        {
            launch.Under("/usr/bin/setpriv", "--bounding-set=-all", "--inh-caps=-all");
        }

        using Daemon daemon = Daemon.Interactive(launch);
        daemon.Log.Await("error: cannot lock memory: Cannot allocate memory");
        Assert.Equal(["hello"], daemon.Ask("echo⇥hello"));
    }
}

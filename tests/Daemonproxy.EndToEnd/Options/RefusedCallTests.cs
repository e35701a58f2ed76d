using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Options;

/// <summary>A filter refuses a system call that the runtime cannot do without: seccomp(2).</summary>
public class RefusedCallTests
{
    [PythonFact]
    public void AStartThatMayNotSetSignalActionsSaysSo()
    {
        Launch launch = new Launch(Binary.Path, "-i").Under(SystemCallFilter.WithoutSignalActions);
        using Daemon daemon = Daemon.Start(launch);
        daemon.Log.Await("fatal: a filter refuses rt_sigaction(2)");
        Assert.Equal(3, daemon.AwaitExit().Code);
    }
}

using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>The image of a running daemon is changed from outside, and then it crashes.</summary>
public class DamagedImageTests
{
    [Fact]
    public void SomebodyElsesProcessIsNotTakenForAService()
    {
        using ChildProcess neighbour = new Launch(["/bin/sleep", "1000"]).Start();
        using Daemon daemon = Daemon.Interactive();
        daemon.Send("service.args⇥a⇥/bin/sleep⇥1000", "service.args⇥b⇥/bin/sleep⇥1000");
        daemon.Send("service.start⇥a", "service.start⇥b");
        int service = daemon.AwaitUp("a");
        int other = daemon.AwaitUp("b");
        Assert.NotEqual(0, Exchange(daemon.Pid, service, neighbour.Pid));
        daemon.Signal(SIGSEGV);
        daemon.Await("overflow");
        daemon.Log.Await("error: quarantined service 0 'a': the process is not a child of the daemon");
        daemon.Send("service.signal⇥a⇥SIGKILL", "service.signal⇥b⇥SIGKILL");
        daemon.Await("error⇥No such service, for command \"service.signal⇥a⇥SIGKILL\"");
        daemon.Await($"service.state⇥b⇥down⇥*⇥{other}⇥signal⇥SIGKILL⇥*⇥*");
        Assert.True(Proc.IsAlive(neighbour.Pid));

        // The process that was the service's is nobody's from then on, and waited for all the same.
        _ = kill(service, SIGKILL);
        Patience.Until(() => Proc.Children(daemon.Pid).Length == 0, "it is waited for");
    }

    // Puts a number in the place of another one wherever that is in the image; how often.
    private static int Exchange(int daemon, int from, int to)
    {
        int image = Proc.Descriptors(daemon).Single(
            fd => fd.Value.StartsWith("/memfd:daemonproxy", StringComparison.Ordinal)).Key;
        using FileStream file = new($"/proc/{daemon}/fd/{image}", FileMode.Open, FileAccess.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        int found = 0;
        Span<int> numbers = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        for (int index = 0; index < numbers.Length; index++)
        {
            if (numbers[index] == from)
            {
                file.Position = index * sizeof(int);
                file.Write(BitConverter.GetBytes(to));
                found++;
            }
        }

        return found;
    }
}

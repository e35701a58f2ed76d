using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Economy;

/// <summary>
/// The time until a process 1 runs its first service, in a PID namespace: beside the least that a process 1 can do, by
/// turns with it, so that a busy machine is busy for both. docs/SMALL.md has what was measured.
/// </summary>
public sealed class FirstServiceTests
{
    [PidNamespaceFact]
    public void TheFirstServiceRunsAFewMillisecondsAfterProcess1WasExecuted()
    {
        // Measured was a ratio of 10: the bare one takes 0.15 ms.
        const int MostRatio = 25;
        string floor = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static))!, "floor");
        using Scratch scratch = new();
        string stamp = Path.Combine(floor, "stamp");
        string config = scratch.Write(
            "conf", $"service.args\tfirst\t{stamp}\nservice.fds\tfirst\tnull\tstdout\nservice.start\tfirst\n");
        string script = scratch.Script("boot", $"exec {floor}/boot \"$@\" >{scratch["times"]}");
        using ChildProcess boots = new Launch(
            script, "50", Path.Combine(floor, "init"), stamp, Binary.Static, "-q", "-c", config).Start();
        Assert.Equal(0, boots.AwaitExit(TimeSpan.FromMinutes(2)).Code);
        long bare = Time(scratch["times"], "bare best");
        long ours = Time(scratch["times"], "program best");
        Assert.True(ours <= bare * MostRatio, $"{ours} ns after it was executed; with a bare process 1 {bare} ns");
    }

    private static long Time(string path, string name) => long.Parse(
        File.ReadLines(path).Single(line => line.StartsWith(name + "\t", StringComparison.Ordinal)).Split('\t')[1],
        CultureInfo.InvariantCulture);
}

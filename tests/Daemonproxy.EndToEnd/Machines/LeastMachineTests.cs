using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// The time and the memory that the daemon takes as process 1 of a machine to start its first service: beside the
/// least that a process 1 can do, on the same machine. docs/SMALL.md has what was measured.
/// </summary>
public sealed partial class LeastMachineTests
{
    [MachineTheory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void TheFirstServiceRunsSoonAfterTheKernelHasStartedProcess1(string architecture)
    {
        // Emulated on a busy machine one boot says little; measured were ratios of 4 to 8.
        const int Boots = 3;
        const int MostRatio = 20;
        double bare = Enumerable.Range(0, Boots).Min(_ => MillisecondsToFirstService(architecture, isBare: true));
        double ours = Enumerable.Range(0, Boots).Min(_ => MillisecondsToFirstService(architecture, isBare: false));
        Assert.True(
            ours <= bare * MostRatio,
            string.Create(CultureInfo.InvariantCulture, $"{ours:F0} ms after process 1; with a bare one {bare:F0} ms"));
    }

    [MachineTheory]
    [InlineData("amd64")]
    [InlineData("arm64")]
    public void TheMachineNeedsAFewMegabytesMoreThanTheKernelItself(string architecture)
    {
        // The program, twice while it is unpacked, and what it uses.
        const int More = 8;
        int enough = 160;
        int tooLittle = 24;
        while (enough - tooLittle > 2)
        {
            int middle = (enough + tooLittle) / 2;
            bool boots = Boots(architecture, isBare: true, middle);
            (enough, tooLittle) = boots ? (middle, tooLittle) : (enough, middle);
        }

        Assert.True(Boots(architecture, isBare: false, enough + More), $"with {enough} + {More} MB it does not boot");
    }

    private static bool Boots(string architecture, bool isBare, int megabytes)
    {
        using Machine machine = Machine.BootLeast(architecture, isBare, megabytes);
        return machine.TryAwaitText(";first service");
    }

    // By the kernel's own log, in whose lines the third number is the time in microseconds.
    private static double MillisecondsToFirstService(string architecture, bool isBare)
    {
        using Machine machine = Machine.BootLeast(architecture, isBare);
        double[] times = [.. Enumerable.Range(0, 2)
            .Select(_ => machine.Output.Await(line => Logged().IsMatch(line), "a line of the kernel's log"))
            .Select(line => double.Parse(Logged().Match(line).Groups[1].Value, CultureInfo.InvariantCulture))];
        return (times[1] - times[0]) / 1000;
    }

    [GeneratedRegex(@",(\d+),[^,;]*;(Run /init as init process|first service)")]
    private static partial Regex Logged();
}

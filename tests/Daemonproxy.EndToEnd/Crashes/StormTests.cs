using System;
using System.Globalization;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Crashes;

/// <summary>
/// Many real crashes at random moments, of every kind and at every point, under load. STORM_SEED=42 makes the same ones
/// again; DAEMONPROXY_LONG=1 makes more.
/// </summary>
public class StormTests
{
    private static bool IsLong => Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1";

    private static int Seed =>
        int.TryParse(Environment.GetEnvironmentVariable("STORM_SEED"), CultureInfo.InvariantCulture, out int seed)
            ? seed
            : 1;

    [Fact]
    public void NothingIsLostWhateverCrashes()
    {
        using Storm storm = new(new Launch(Binary.Path, "-i", "--debug-crash"), isChild: false, Seed);
        storm.Rage(IsLong ? 200 : 20);
    }

    [PidNamespaceFact]
    public void NothingIsLostByTheFirstProcess()
    {
        Launch launch = new(
            "/usr/bin/unshare", "--pid", "--fork", "--mount-proc",
            Binary.Path, "-i", "--debug-crash", "-c", "/dev/null");
        using Storm storm = new(launch, isChild: true, Seed);
        storm.Rage(IsLong ? 50 : 6);
    }
}

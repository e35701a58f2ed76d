using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The system calls of a daemon, written down by strace(1) as they are made.</summary>
internal sealed partial class Trace(string file)
{
    private const string Strace = "/usr/bin/strace";

    /// <summary>A daemon with a session, run under strace, and what is written down of these calls of it.</summary>
    public static Daemon Start(Scratch scratch, string calls, out Trace trace, params string[] options)
    {
        string file = scratch["calls"];
        trace = new Trace(file);
        Launch launch = new([Binary.Path, "-i", .. options]);
        launch.Under(Strace, "-f", "-ttt", "-s", "64", "-e", "trace=" + calls, "-e", "signal=none", "-o", file);
        Daemon daemon = Daemon.Interactive(launch);
        daemon.IsChild();
        return daemon;
    }

    /// <summary>The calls up to now that begin so, each with the second in which it was made.</summary>
    public (double Time, string Call)[] Calls(params string[] starts)
    {
        using StreamReader reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return [.. reader.ReadToEnd().Split('\n')
            .Select(line => Line().Match(line))
            .Where(match => match.Success
                && starts.Any(start => match.Groups[2].Value.StartsWith(start, StringComparison.Ordinal)))
            .Select(match =>
                (double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value))];
    }

    /// <summary>Waits until so many calls that begin so were made.</summary>
    public (double Time, string Call)[] Await(int count, params string[] starts)
    {
        Patience.Until(
            () => Calls(starts).Length >= count, $"{count} calls of {starts[0]}", () => File.ReadAllText(file));
        return Calls(starts);
    }

    // The PID of the process comes first where there are several: helpers make some calls for the daemon.
    [GeneratedRegex(@"^(?:\d+ +)?(\d+\.\d+) (\w+\(.*)$")]
    private static partial Regex Line();
}

using System;
using System.Collections.Generic;
using System.IO;
using Daemonproxy.Tests.Transcripts;
using Xunit;
using Xunit.Abstractions;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// Every transcript again, with one call of the kernel failing, for each reason that it can have, and with the daemon
/// dying before one: with DAEMONPROXY_LONG=1 for every call, otherwise for a few of each transcript.
/// </summary>
public sealed class HardshipTests(ITestOutputHelper output)
{
    private const int MostReasons = 3;
    private const int FewCalls = 6;

    private static bool IsLong => Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1";

    public static TheoryData<string> Files() => TranscriptTests.Files();

    [Theory]
    [MemberData(nameof(Files))]
    public void TheDaemonGoesOnWhicheverCallFails(string name)
    {
        int runs = 0;
        string[] lines = Lines(name);
        foreach (long call in Calls(name, lines))
        {
            for (int reason = 0; reason < MostReasons; reason++)
            {
                bool hasFailed = false;
                SimFaults? faults = null;
                Hardship.Perform(lines, prepared =>
                {
                    faults = prepared;
                    prepared.FailAt = call;
                    prepared.FailWith = reason;
                });
                hasFailed = faults!.HasFailed;
                runs++;
                if (!hasFailed)
                {
                    break;
                }
            }
        }

        output.WriteLine($"{runs} runs");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void WhereverItDiesTheDaemonGoesOn(string name)
    {
        int runs = 0;
        string[] lines = Lines(name);
        foreach (long call in Calls(name, lines))
        {
            // Before there is a daemon, there is nothing to go on from.
            Hardship.Perform(lines, faults => faults.CrashAt = call);
            runs++;
        }

        output.WriteLine($"{runs} runs");
    }

    private static string[] Lines(string name) =>
        Hardship.LinesOf(Path.Combine(TranscriptTests.Folder, name + ".txt"));

    private static IEnumerable<long> Calls(string name, string[] lines)
    {
        long calls = Hardship.Perform(lines, _ => { });
        if (IsLong)
        {
            for (long call = 0; call < calls; call++)
            {
                yield return call;
            }

            yield break;
        }

        // Others for each transcript, the same ones every time.
        Random random = new(name.Length + lines.Length);
        for (int few = 0; few < Math.Min(FewCalls, calls); few++)
        {
            yield return random.NextInt64(calls);
        }
    }
}

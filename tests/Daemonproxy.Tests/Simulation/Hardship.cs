using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Tests.Transcripts;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// A transcript performed under conditions that it was not written for: only what must hold anyway is looked at.
/// </summary>
internal static partial class Hardship
{
    /// <summary>The lines of a transcript that make something happen.</summary>
    public static string[] LinesOf(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0 && line[0] != '#' && !CameOut().IsMatch(line))];

    /// <summary>Performs the lines; how many calls of the kernel were made.</summary>
    public static long Perform(string[] lines, Action<SimFaults> prepare)
    {
        using Stage stage = new();
        SimWorld world = stage.World;
        prepare(world.Kernel.Faults);
        world.Kernel.Faults.CanCrash = () => world.Daemon is not null && world.ExitCode is null;
        SimulationException? violation = null;
        world.AfterTurn = () => violation ??= ViolationIn(world);
        List<string> done = [];
        try
        {
            foreach (string line in lines)
            {
                done.Add(line);
                Do(stage, line);
            }

            if (violation is not null)
            {
                throw violation;
            }

            if (world.Daemon is not null && world.ExitCode is null)
            {
                Invariants.CheckAtRest(world);
            }
        }
        catch (Exception e)
        {
            throw new Xunit.Sdk.XunitException($"{e}\n\n{string.Join('\n', done)}");
        }

        return world.Kernel.Faults.Calls;
    }

    // Kept until the end: a line may fail for other reasons, which are no matter here.
    private static SimulationException? ViolationIn(SimWorld world)
    {
        try
        {
            Invariants.Check(world);
            return null;
        }
        catch (SimulationException e)
        {
            return e;
        }
    }

    private static void Do(Stage stage, string line)
    {
        stage.World.Fault = null;
        IReadOnlyList<string> seen = [];
        try
        {
            seen = stage.Do(line);
        }
        catch (Exception) when (stage.World.Fault is null)
        {
            // What the transcript takes for granted is not there: somebody to speak, something to remove.
        }

        bool isMeant = stage.World.Fault is null or SimulatedCrash
            || line.Contains("debug.crash", StringComparison.Ordinal)
            || line.StartsWith("* fault", StringComparison.Ordinal);
        if (!isMeant)
        {
            throw new SimulationException($"{line}: {stage.World.Fault}");
        }

        foreach (string heard in seen)
        {
            if (heard.Contains("< ", StringComparison.Ordinal) && heard.EndsWith('¬') && stage.World.ExitCode is null
                && stage.World.ParentExitCode is null)
            {
                throw new SimulationException($"{line}: half a line came: {heard}");
            }
        }
    }

    [GeneratedRegex(@"^([A-Za-z0-9._-]*<|log:|=)( |$)")]
    private static partial Regex CameOut();
}

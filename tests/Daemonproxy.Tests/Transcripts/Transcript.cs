using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>
/// One conversation, as README.md beside describes the notation. It is performed: what comes out takes the place of
/// what the file says that comes out.
/// </summary>
internal static partial class Transcript
{
    /// <summary>The text as it should be, given what is sent and what happens in it.</summary>
    public static string Perform(string text)
    {
        List<string> lines = [];
        using Stage stage = new();
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (CameOut().IsMatch(line))
            {
                continue;
            }

            lines.Add(line);
            if (line.Length > 0 && line[0] != '#')
            {
                lines.AddRange(Outcome(stage, line));
            }
        }

        return string.Join('\n', lines) + "\n";
    }

    private static IReadOnlyList<string> Outcome(Stage stage, string line)
    {
        try
        {
            return stage.Do(line);
        }
        catch (Exception e)
        {
            throw new SimulationException($"{line}\n{e}");
        }
    }

    [GeneratedRegex(@"^([A-Za-z0-9._-]*<|log:|=)( |$)")]
    private static partial Regex CameOut();
}

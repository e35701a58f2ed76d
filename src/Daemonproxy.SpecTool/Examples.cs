using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Daemonproxy.SpecTool;

/// <summary>
/// Finds in the transcripts, which run as tests, what shows a command best: the line that sends it, and what comes out
/// until the next one is sent. Those called <c>manual.*.txt</c> are written to be shown; without one the first
/// transcript in which the command does not fail has it.
/// </summary>
internal sealed partial class Examples
{
    // What is longer says less.
    private const int MostLines = 14;
    private readonly List<string[]> _transcripts;

    public Examples(string folder) => _transcripts =
    [
        .. Directory.GetFiles(folder, "*.txt")
            .Where(path => !path.EndsWith(".received.txt", StringComparison.Ordinal))
            .OrderBy(path => Path.GetFileName(path).StartsWith("manual.", StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(path => path, StringComparer.Ordinal)
            .Select(File.ReadAllLines),
    ];

    /// <summary>A piece of a conversation; null when no transcript sends the command.</summary>
    public string? Of(string command)
    {
        string? failure = null;
        foreach (string[] transcript in _transcripts)
        {
            for (int line = 0; line < transcript.Length; line++)
            {
                if (!Sends(transcript[line], command))
                {
                    continue;
                }

                string[] example = Take(transcript, line);
                if (!example.Any(line => line.Contains("< error⇥", StringComparison.Ordinal)))
                {
                    return Shorten(example);
                }

                failure ??= Shorten(example);
            }
        }

        return failure;
    }

    private static bool Sends(string line, string command) =>
        Sent().Match(line) is { Success: true } sender
        && (line[sender.Length..] + '⇥').StartsWith(command + '⇥', StringComparison.Ordinal);

    // The line, and what follows until something else is sent, without what is logged.
    private static string[] Take(string[] transcript, int first) =>
    [
        transcript[first],
        .. transcript.Skip(first + 1)
            .TakeWhile(line => line.Length > 0 && line[0] is not ('#' or '$') && !Sent().IsMatch(line))
            .Where(line => !line.StartsWith("log:", StringComparison.Ordinal)),
    ];

    private static string Shorten(string[] lines) =>
        string.Join('\n', lines.Length > MostLines ? [.. lines.Take(MostLines - 1), "…"] : lines);

    // By the session, or by NAME.
    [GeneratedRegex("^[A-Za-z0-9._-]*> ")]
    private static partial Regex Sent();
}

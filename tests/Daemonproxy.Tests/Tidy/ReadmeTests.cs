using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>README.md names only commands, events and options that commands.spec declares, and every example.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] _lines = Lines("README.md");

    [Fact]
    public void TheTableNamesEveryCommandOnce()
    {
        string[] named =
        [
            .. _lines.SkipWhile(line => line != "## Commands and options")
                .TakeWhile(line => line != "## Who may connect")
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
                .SelectMany(row => Spans(row.Split('|')[1])),
        ];
        string[] missing = [.. Declared("command").Except(named)];
        Assert.True(
            missing.Length == 0,
            $"README.md, section Commands and options, does not name {string.Join(", ", missing)}: add each to the "
            + "first column of the row of its group");
        Assert.Equal(named.Distinct().Order(), named.Order());
        Assert.Empty(named.Except(Declared("command")));
    }

    [Fact]
    public void EverySampleLineBeginsWithACommandOrAnEvent()
    {
        HashSet<string> words = [.. Declared("command"), .. Declared("event")];
        string[] samples = [.. _lines.Where(line => Sample().IsMatch(line))];
        Assert.NotEmpty(samples);
        Assert.All(samples, line => Assert.Contains(line.Trim().Split('\t')[0], words));
    }

    [Fact]
    public void EveryOptionInACodeSpanIsDeclared()
    {
        HashSet<string> options =
        [
            .. Lines("commands.spec").Select(line => line.Split(' ')).SelectMany(words => words switch
            {
                ["option", string name, [char letter], ..] => [$"--{name}", $"-{letter}"],
                ["option", string name, ..] => [$"--{name}"],
                _ => Array.Empty<string>(),
            }),
        ];
        string[] named =
        [
            .. _lines.SelectMany(Spans)
                .Select(span => span.Split(' '))
                .Where(words => words[0] == "daemonproxy" || words[0][0] == '-')
                .SelectMany(words => words)
                .Where(word => word[0] == '-'),
        ];
        Assert.NotEmpty(named);
        Assert.All(named, word => Assert.Contains(word, options));
    }

    [Fact]
    public void TheReadmeNamesEveryExample()
    {
        foreach (string folder in Directory.GetDirectories(Path.Combine(Repository.Root, "examples")))
        {
            string row = $"| `examples/{Path.GetFileName(folder)}/`";
            Assert.Contains(_lines, line => line.StartsWith(row, StringComparison.Ordinal));
        }
    }

    private static string[] Declared(string kind) =>
        [.. Lines("commands.spec")
            .Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[1])];

    private static IEnumerable<string> Spans(string line) =>
        Span().Matches(line).Select(match => match.Groups[1].Value);

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Repository.Root, file));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Span();

    // A line of a config or of an event: indented, a word and a TAB.
    [GeneratedRegex("^    [a-z._]+\t")]
    private static partial Regex Sample();
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Tests.Support;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>docs/CONFORMANCE.md tells the truth: what it names is there, and no promise is without a test.</summary>
public sealed partial class ConformanceTests
{
    private static readonly string[] _rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "docs", "CONFORMANCE.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line != "| promise | shown by |"),
    ];

    private static readonly string[] _transcripts =
    [
        .. Directory.GetFiles(TranscriptTests.Folder, "*.txt")
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Where(name => !name.EndsWith(".received", StringComparison.Ordinal)),
    ];

    [Fact]
    public void EveryPromiseHasATest() =>
        Assert.All(_rows, row => Assert.NotEmpty(NamedIn(row)));

    [Fact]
    public void EveryTranscriptThatIsNamedExists() =>
        Assert.Empty(Named().Where(name => !IsTest(name)).Except(_transcripts));

    [Fact]
    public void EveryTranscriptIsNamed()
    {
        string[] missing = [.. _transcripts.Except(Named())];
        Assert.True(
            missing.Length == 0,
            $"docs/CONFORMANCE.md names no transcript {string.Join(", ", missing)}: add each to the row of what it "
            + "shows");
    }

    [Fact]
    public void EveryTestThatIsNamedExists()
    {
        string[] sources =
        [
            .. Directory.GetFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText),
        ];
        string[] unknown =
            [.. Named().Where(name => IsTest(name) && !Array.Exists(sources, source => Has(source, name)))];
        Assert.Empty(unknown);
    }

    private static IEnumerable<string> Named() => _rows.SelectMany(NamedIn).Distinct();

    // What is in backticks in the second column.
    private static IEnumerable<string> NamedIn(string row) =>
        Reference().Matches(row.Split(" | ")[^1]).Select(match => match.Groups[1].Value);

    private static bool IsTest(string name) => char.IsUpper(name[0]);

    // A method behind [Fact] or [Theory], of a class.
    private static bool Has(string source, string test)
    {
        string[] parts = test.Split('.');
        return Regex.IsMatch(source, $@"\bclass {parts[0]}\b")
            && Regex.IsMatch(source, $@"\[\w*(Fact|Theory|Data)\b[^;{{}}]*public [\w ]+ {parts[1]}\(");
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Reference();
}

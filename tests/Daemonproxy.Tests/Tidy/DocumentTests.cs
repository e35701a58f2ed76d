using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>The documents lead to files that exist, and the two indexes are complete.</summary>
public sealed partial class DocumentTests
{
    // Folders that a build makes, and the tool's own.
    private static readonly string[] _generated = ["artifacts", "out", "obj", "bin", ".git", "__pycache__"];

    private static readonly string[] _files = [.. FilesBelow(Repository.Root).Select(Relative)];

    private static readonly string[] _folders =
        [.. _files.SelectMany(Parents).Distinct()];

    private static readonly string[] _documents =
    [
        .. _files.Where(file => file is "README.md" or "CONTRIBUTING.md"
            || (file.EndsWith(".md", StringComparison.Ordinal)
                && (file.StartsWith("docs/", StringComparison.Ordinal)
                    || file.StartsWith("examples/", StringComparison.Ordinal)
                    || file.StartsWith("clients/", StringComparison.Ordinal)))),
    ];

    [Fact]
    public void EveryRelativeLinkLeadsToAFileAndAHeading()
    {
        List<string> broken = [];
        foreach (string document in _documents)
        {
            foreach (Match match in Link().Matches(Prose(document)))
            {
                if (!Leads(document, match.Groups[1].Value))
                {
                    broken.Add($"{document}: {match.Groups[1].Value}");
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Fact]
    public void EveryFileInACodeSpanExists()
    {
        List<string> missing = [];
        foreach (string document in _documents)
        {
            missing.AddRange(Span().Matches(Prose(document))
                .Select(match => match.Groups[1].Value)
                .Where(name => IsPath(name) && !Exists(document, name))
                .Select(name => $"{document}: {name}"));
        }

        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    /// <summary>SPEC.md shows names that only its examples have; other tests hold it and the generated pages.</summary>
    [Fact]
    public void EveryTypeInACodeSpanIsInTheSources()
    {
        HashSet<string> known =
        [
            .. _files.Where(file => Source().IsMatch(file))
                .SelectMany(file => TypeName().Matches(Read(file)))
                .Select(match => match.Value),
        ];
        string[] unknown =
        [
            .. _documents.Where(document => !document.EndsWith("SPEC.md", StringComparison.Ordinal))
                .SelectMany(document => Span().Matches(Prose(document))
                    .SelectMany(span => TypeName().Matches(span.Value))
                    .Where(name => !known.Contains(name.Value))
                    .Select(name => $"{document}: {name.Value}")),
        ];
        Assert.True(unknown.Length == 0, string.Join('\n', unknown));
    }

    [Fact]
    public void TheIndexOfDocumentsLinksEveryDocument() =>
        AssertIndexed("docs", "docs/README.md");

    [Fact]
    public void TheIndexOfDecisionsLinksEveryDecision() =>
        AssertIndexed("docs/decisions", "docs/decisions/README.md");

    [Fact]
    public void EveryDecisionHasItsNumberAndItsThreeParts()
    {
        int number = 0;
        foreach (string file in _files.Where(file => Decision().IsMatch(file)).Order(StringComparer.Ordinal))
        {
            number++;
            string[] lines = Read(file).Split('\n');
            Assert.StartsWith($"docs/decisions/{number:D4}-", file, StringComparison.Ordinal);
            Assert.StartsWith($"# {number}. ", lines[0], StringComparison.Ordinal);
            Assert.Equal(
                ["## Context", "## Decision", "## Consequence"],
                lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        }

        Assert.NotEqual(0, number);
    }

    private static void AssertIndexed(string folder, string index)
    {
        string text = Read(index);
        string[] unlinked =
        [
            .. _files.Where(file => Parents(file).FirstOrDefault() == folder
                && file.EndsWith(".md", StringComparison.Ordinal)
                && file != index
                && !text.Contains($"]({Path.GetFileName(file)})", StringComparison.Ordinal)),
        ];
        Assert.True(unlinked.Length == 0, $"not linked from {index}: {string.Join(' ', unlinked)}");
    }

    private static bool Leads(string document, string link)
    {
        string[] parts = link.Split('#');
        string target = parts[0].Length == 0 ? document : Resolve(document, parts[0]);
        if (parts.Length == 1 || !target.EndsWith(".md", StringComparison.Ordinal))
        {
            return _files.Contains(target) || _folders.Contains(target);
        }

        return _files.Contains(target) && Anchors(target).Contains(parts[1]);
    }

    // As GitHub makes them of headings, and those that are written out.
    private static IEnumerable<string> Anchors(string document)
    {
        string text = Prose(document);
        return Heading().Matches(text)
            .Select(match => NotInAnAnchor().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))
            .Concat(Anchor().Matches(text).Select(match => match.Groups[1].Value));
    }

    // A name with a known ending, or a path from a folder at the top; not a wildcard, a file that a build makes, or the
    // transcript of CONTRIBUTING.md that the reader is to write.
    private static bool IsPath(string name)
    {
        string first = name.Split('/')[0];
        return !NotInAPath().IsMatch(name)
            && !_generated.Contains(first)
            && !name.EndsWith("/service.greet.txt", StringComparison.Ordinal)
            && (FileName().IsMatch(name) || (name.Contains('/', StringComparison.Ordinal) && _folders.Contains(first)));
    }

    private static bool Exists(string document, string name)
    {
        string path = name.TrimEnd('/');
        return _files.Contains(path) || _folders.Contains(path)
            || _files.Contains(Resolve(document, path))
            || _files.Any(file => file.EndsWith("/" + path, StringComparison.Ordinal));
    }

    private static string Resolve(string document, string path) =>
        Relative(Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document)!, path.TrimEnd('/'))));

    // Without blocks of code.
    private static string Prose(string document) => Block().Replace(Read(document), "");

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    private static string Relative(string path) => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');

    private static IEnumerable<string> Parents(string file)
    {
        for (string? folder = Path.GetDirectoryName(file); !string.IsNullOrEmpty(folder);
            folder = Path.GetDirectoryName(folder))
        {
            yield return folder.Replace('\\', '/');
        }
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.GetFiles(folder).Concat(Directory.GetDirectories(folder)
            .Where(inner => !_generated.Contains(Path.GetFileName(inner)))
            .SelectMany(FilesBelow));

    [GeneratedRegex(@"\]\((?![a-z]+:)([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Span();

    [GeneratedRegex("^```.*?^```|^    .*?$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("<a id=\"([^\"]+)\">")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnAnchor();

    [GeneratedRegex(@"[*<>{}\s…()]|^[/.~]")]
    private static partial Regex NotInAPath();

    [GeneratedRegex(@"\.(cs|csproj|md|svg|py|sh|props|json|conf|toml|txt)$")]
    private static partial Regex FileName();

    // At least two words, so that it is not a word of prose.
    [GeneratedRegex(@"\b(?:[A-Z][a-z0-9]+){2,}\b")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\.(cs|csproj|props|py)$")]
    private static partial Regex Source();

    [GeneratedRegex(@"^docs/decisions/\d{4}-.*\.md$")]
    private static partial Regex Decision();
}

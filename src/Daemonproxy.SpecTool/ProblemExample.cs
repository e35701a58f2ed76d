using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Daemonproxy.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.SpecTool;

/// <summary>Files that break a rule: how they can be shown, and what the spec compiler says about them.</summary>
/// <param name="Shown">The faulty lines, or how the files are called.</param>
/// <param name="Released">
/// The lines of the released spec in place of the faulty lines; empty when there is none.
/// </param>
/// <param name="Files">The additional files of the project; one without a text cannot be read.</param>
internal sealed record ProblemExample(string Shown, string Released, (string Path, string? Text)[] Files)
{
    private const string Good = "# An example.\nprotocol example 1\n";
    private const string Bad = "# An example.\nprotokol example 1\n";

    // So much of a declaration is shown, and its last line.
    private const int MostLines = 6;

    /// <summary>The properties of the project file.</summary>
    public Dictionary<string, string> Properties { get; init; } = [];

    /// <summary>A faulty spec; of one with a release before it, what differs.</summary>
    public static ProblemExample Of(BadSpec bad)
    {
        (string, string?) spec = (ProtocolGenerator.SpecFile, bad.Text);
        return bad.Released is not { } released
            ? new(Declarations(bad.Written, except: ""), "", [spec])
            : new(
                Declarations(bad.Written, except: released),
                Declarations(released, except: bad.Written),
                [spec, (ProtocolGenerator.ReleasedSpecFile, released)]);
    }

    /// <summary>The examples of problems with files as such.</summary>
    public static ProblemExample OfFiles(string name) => name switch
    {
        "no-spec" => new("other.spec", "", [("other.spec", Good)]),
        "two-specs" => new(
            "one/commands.spec\ntwo/commands.spec", "", [("one/commands.spec", Good), ("two/commands.spec", Good)]),
        "unreadable-spec" => new("commands.spec, which is not there", "", [("commands.spec", null)]),
        "bad-release" => new(
            Good, Bad, [(ProtocolGenerator.SpecFile, Good), (ProtocolGenerator.ReleasedSpecFile, Bad)]),
        "project-name" => new("<ProtocolEvent>Task</ProtocolEvent>", "", [(ProtocolGenerator.SpecFile, Good)])
        {
            Properties = new()
            {
                ["build_property.ProtocolProduct"] = "client",
                ["build_property.ProtocolRuntime"] = "generated",
                ["build_property.ProtocolEvent"] = "Task",
            },
        },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "there is no such example"),
    };

    /// <summary>The output of the compiler, a line for each problem.</summary>
    public string[] Compile()
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            Files.Select(file => new InMemory(file.Path, file.Text)),
            optionsProvider: new ProjectFile(Properties));
        ImmutableArray<Diagnostic> problems = driver
            .RunGenerators(CSharpCompilation.Create("Example")).GetRunResult().Diagnostics;
        return [.. problems.Select(problem => problem.ToString())];
    }

    // The declarations of one spec that the other has not, long ones shortened.
    private static string Declarations(string spec, string except)
    {
        HashSet<string> known = [.. except.TrimEnd('\n').Split("\n\n")];
        IEnumerable<string> others = spec.TrimEnd('\n').Split("\n\n").Where(text => !known.Contains(text));
        return string.Join("\n\n", others.Select(Shorten));
    }

    private static string Shorten(string declaration)
    {
        string[] lines = declaration.Split('\n');
        return lines.Length <= MostLines + 4
            ? declaration
            : string.Join('\n', [.. lines.Take(MostLines), "  …", lines[^1]]);
    }

    private sealed class InMemory(string path, string? text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText? GetText(CancellationToken cancellationToken = default) =>
            text is null ? null : SourceText.From(text);
    }
}

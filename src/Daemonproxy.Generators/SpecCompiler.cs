using System.Collections.Generic;
using System.Collections.Immutable;
using System.Threading;
using Daemonproxy.Generators.Checking;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators;

/// <summary>What became of a spec: its model, or the problems that stand in its way.</summary>
internal sealed record CompiledSpec(string Path, SpecModel? Model, EquatableArray<Problem> Problems);

/// <summary>From the text of a spec to its model.</summary>
internal static class SpecCompiler
{
    public static CompiledSpec Compile(AdditionalText file, CancellationToken cancellation)
    {
        SourceText? text = file.GetText(cancellation);
        return text == null
            ? new CompiledSpec(file.Path, null, new([WithoutPlace(Rules.UnreadableSpec, file.Path)]))
            : Compile(file.Path, text);
    }

    public static CompiledSpec Compile(string path, SourceText text)
    {
        var problems = new ProblemBag(path, text);
        List<DeclarationSyntax> declarations = SpecReader.Read(text, problems);
        SpecModel model = SpecChecker.Check(declarations, problems);
        EquatableArray<Problem> found = problems.ToArray();
        return new CompiledSpec(path, found.Count == 0 ? model : null, found);
    }

    /// <summary>There is exactly one spec, or a problem.</summary>
    public static CompiledSpec TheOnly(ImmutableArray<CompiledSpec> specs)
    {
        if (specs.Length == 1)
        {
            return specs[0];
        }

        Problem problem = specs.Length == 0
            ? WithoutPlace(Rules.NoSpec)
            : new Problem(Rules.TwoSpecs, specs[1].Path, default, default, new([specs[0].Path]));
        return new CompiledSpec("", null, new([problem]));
    }

    private static Problem WithoutPlace(DiagnosticDescriptor rule, params string[] arguments) =>
        new(rule, "", default, default, new EquatableArray<string>(arguments));
}

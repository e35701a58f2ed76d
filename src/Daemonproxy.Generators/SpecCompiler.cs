using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Threading;
using Daemonproxy.Generators.Checking;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators;

/// <summary>
/// The result for a spec: its model, or the problems that stand in its way and a draft, from which C# is generated
/// meanwhile.
/// </summary>
internal sealed record CompiledSpec(string Path, SpecModel? Model, SpecModel? Draft, EquatableArray<Problem> Problems);

/// <summary>From the text of a spec to its model.</summary>
internal static class SpecCompiler
{
    /// <summary>Compiles the spec, and compares it with the released one, unless there is none yet.</summary>
    public static CompiledSpec Compile(AdditionalText file, CompiledSpec? released, CancellationToken cancellation)
    {
        if (released is { Model: null })
        {
            return Unusable(released, file, cancellation);
        }

        SourceText? text = file.GetText(cancellation);
        return text == null ? Unreadable(file.Path) : Compile(file.Path, text, released?.Model);
    }

    /// <summary>Compiles the released spec by itself, without what its comments say: nothing is made of it.</summary>
    public static CompiledSpec CompileReleased(AdditionalText file, CancellationToken cancellation)
    {
        SourceText? text = file.GetText(cancellation);
        CompiledSpec released = text == null ? Unreadable(file.Path) : Compile(file.Path, text);
        return released.Model == null
            ? released
            : released with { Model = released.Model with { Docs = new Documentation(default) } };
    }

    public static CompiledSpec Compile(string path, SourceText text, SpecModel? released = null)
    {
        var problems = new ProblemBag(path, text);
        List<DeclarationSyntax> declarations = SpecReader.Read(text, problems);
        SpecModel model = SpecChecker.Check(declarations, problems, released);
        EquatableArray<Problem> found = problems.ToArray();
        return problems.HasErrors
            ? new CompiledSpec(path, null, DraftBuilder.Build(declarations, text, found, released), found)
            : new CompiledSpec(path, model, null, found);
    }

    /// <summary>There is exactly one spec, or a problem.</summary>
    public static CompiledSpec TheOnly(ImmutableArray<CompiledSpec> specs) => specs.Length == 0
        ? new CompiledSpec("", null, null, new([WithoutPlace(Rules.NoSpec)]))
        : AtMostOne(specs)!;

    /// <summary>The spec, null if there is none; two are a problem.</summary>
    public static CompiledSpec? AtMostOne(ImmutableArray<CompiledSpec> specs)
    {
        if (specs.Length < 2)
        {
            return specs.Length == 0 ? null : specs[0];
        }

        var names = new EquatableArray<string>([Path.GetFileName(specs[0].Path), specs[0].Path]);
        var problem = new Problem(Rules.TwoSpecs, specs[1].Path, default, default, names);
        return new CompiledSpec("", null, specs[0].Model ?? specs[0].Draft, new([problem]));
    }

    // One problem is enough: somebody changed a file that nobody changes.
    private static CompiledSpec Unusable(CompiledSpec released, AdditionalText file, CancellationToken cancellation)
    {
        CompiledSpec alone = Compile(file, null, cancellation);
        Problem first = released.Problems[0];
        string reason = first.ToDiagnostic().GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        return new CompiledSpec("", null, alone.Model ?? alone.Draft, new(
        [
            first with { Rule = Rules.UnreadableRelease, Arguments = new EquatableArray<string>([reason]) },
        ]));
    }

    private static CompiledSpec Unreadable(string path) =>
        new(path, null, null, new([WithoutPlace(Rules.UnreadableSpec, path)]));

    private static Problem WithoutPlace(DiagnosticDescriptor rule, params string[] arguments) =>
        new(rule, "", default, default, new EquatableArray<string>(arguments));
}

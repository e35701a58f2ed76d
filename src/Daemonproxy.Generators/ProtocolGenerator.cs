using System.IO;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Daemonproxy.Generators.Writing.Client;
using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators;

/// <summary>
/// The pipeline: <c>commands.spec</c> becomes a model and problems; from the model each product takes what it prints,
/// and is written again only when that has changed. With problems it is a draft: see <see cref="CompiledSpec"/>.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    /// <summary>The additional file that everything is made from.</summary>
    public const string SpecFile = "commands.spec";

    /// <summary>
    /// The spec as it was last released, if it was: nothing that controllers rely on may be missing now.
    /// </summary>
    public const string ReleasedSpecFile = "commands.released.spec";

    // Marks a file of another name as the spec, "current" or "released"; the targets of the package set it.
    private const string SpecMetadata = "build_metadata.AdditionalFiles.ProtocolSpec";

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<CompiledSpec?> released = Files(context, ReleasedSpecFile, "released")
            .Select(SpecCompiler.CompileReleased)
            .WithTrackingName("CompileReleased")
            .Collect()
            .Select(static (specs, _) => SpecCompiler.AtMostOne(specs))
            .WithTrackingName("Released");
        IncrementalValueProvider<CompiledSpec> compiled = Files(context, SpecFile, "current")
            .Combine(released)
            .Select(static (pair, cancellation) => SpecCompiler.Compile(pair.Left, pair.Right, cancellation))
            .WithTrackingName("Compile")
            .Collect()
            .Select(static (specs, _) => SpecCompiler.TheOnly(specs))
            .WithTrackingName("TheOnly");
        IncrementalValuesProvider<Problem> problems = compiled
            .SelectMany(static (spec, _) => spec.Problems)
            .WithTrackingName("Problems");
        context.RegisterSourceOutput(problems, static (output, problem) =>
            output.ReportDiagnostic(problem.ToDiagnostic()));

        IncrementalValuesProvider<SpecModel> model = compiled
            .SelectMany(static (spec, _) =>
                (spec.Model ?? spec.Draft) is { } model ? new EquatableArray<SpecModel>([model]) : default)
            .WithTrackingName("Model");
        IncrementalValueProvider<ProjectSettings> settings = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => ProjectSettings.Read(options.GlobalOptions))
            .Combine(compiled)
            .Select(static (pair, _) => ProjectNames.Check(pair.Left, pair.Right.Model ?? pair.Right.Draft))
            .WithTrackingName("Settings");
        context.RegisterSourceOutput(
            settings.SelectMany(static (project, _) => project.Problems),
            static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));
        IncrementalValueProvider<bool> isClient = settings
            .Select(static (project, _) => project.IsClient)
            .WithTrackingName("IsClient");
        IncrementalValueProvider<Namespaces> namespaces = settings
            .Select(static (project, _) => project.Names)
            .WithTrackingName("Namespaces");
        RuntimeSources.Register(context, settings);
        Products.Register(new ProductRegistry(context, For(model, isClient, wanted: false), namespaces));
        ClientProducts.Register(new ProductRegistry(context, For(model, isClient, wanted: true), namespaces));
    }

    // The additional files of a name, or with that mark.
    private static IncrementalValuesProvider<AdditionalText> Files(
        IncrementalGeneratorInitializationContext context, string name, string mark) =>
        context.AdditionalTextsProvider
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Where(pair => Path.GetFileName(pair.Left.Path) == name
                || (pair.Right.GetOptions(pair.Left).TryGetValue(SpecMetadata, out string? found) && found == mark))
            .Select(static (pair, _) => pair.Left)
            .WithTrackingName("Files." + mark);

    // The model, if it is this side of the protocol that is wanted.
    private static IncrementalValuesProvider<SpecModel> For(
        IncrementalValuesProvider<SpecModel> model, IncrementalValueProvider<bool> isClient, bool wanted) =>
        model
            .Combine(isClient)
            .Where(pair => pair.Right == wanted)
            .Select(static (pair, _) => pair.Left)
            .WithTrackingName(wanted ? "ClientModel" : "DaemonModel");
}

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

    // What a project sets to say which side of the protocol it is: nothing for the daemon.
    private const string ProductProperty = "build_property.DaemonproxyProduct";
    private const string ClientProduct = "client";

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<CompiledSpec?> released = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path) == ReleasedSpecFile)
            .Select(SpecCompiler.CompileReleased)
            .WithTrackingName("CompileReleased")
            .Collect()
            .Select(static (specs, _) => SpecCompiler.AtMostOne(specs))
            .WithTrackingName("Released");
        IncrementalValueProvider<CompiledSpec> compiled = context.AdditionalTextsProvider
            .Where(static file => Path.GetFileName(file.Path) == SpecFile)
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
        IncrementalValueProvider<bool> isClient = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue(ProductProperty, out string? product)
                && product == ClientProduct)
            .WithTrackingName("IsClient");
        IncrementalValueProvider<Namespaces> namespaces = context.AnalyzerConfigOptionsProvider
            .Select(static (_, _) => Namespaces.Default)
            .WithTrackingName("Namespaces");
        Products.Register(new ProductRegistry(context, For(model, isClient, wanted: false), namespaces));
        ClientProducts.Register(new ProductRegistry(context, For(model, isClient, wanted: true), namespaces));
    }

    // The model, if it is this side of the protocol that is wanted.
    private static IncrementalValuesProvider<SpecModel> For(
        IncrementalValuesProvider<SpecModel> model, IncrementalValueProvider<bool> isClient, bool wanted) =>
        model
            .Combine(isClient)
            .Where(pair => pair.Right == wanted)
            .Select(static (pair, _) => pair.Left)
            .WithTrackingName(wanted ? "ClientModel" : "DaemonModel");
}

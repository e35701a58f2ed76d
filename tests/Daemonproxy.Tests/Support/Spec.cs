using System.IO;
using System.Linq;
using Daemonproxy.Generators;
using Daemonproxy.Generators.Model;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Tests.Support;

/// <summary>The spec as its compiler understands it: what tests that leave nothing out are made from.</summary>
internal static class Spec
{
    public static SpecModel Model { get; } = Read();

    /// <summary>The text of an error up to its first placeholder.</summary>
    public static string BeginningOf(ErrorReference error) => string.Concat(
        Model.Errors.First(model => model.Name == error.Name).Pieces
            .TakeWhile(piece => piece.Placeholder is null)
            .Select(piece => piece.Literal));

    private static SpecModel Read()
    {
        string path = Path.Combine(Repository.Root, "commands.spec");
        CompiledSpec spec = SpecCompiler.Compile(path, SourceText.From(File.ReadAllText(path)));
        return spec.Model ?? throw new InvalidDataException($"{path} has {spec.Problems.Count} problems");
    }
}

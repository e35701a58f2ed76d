using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Tests;

/// <summary>A spec that exists in memory only.</summary>
internal sealed class SpecFile(string text, string path = SpecFile.Usual) : AdditionalText
{
    /// <summary>Where the spec is.</summary>
    public const string Usual = "/project/commands.spec";

    /// <summary>Where the released spec is.</summary>
    public const string Released = "/project/commands.released.spec";

    public override string Path { get; } = path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}

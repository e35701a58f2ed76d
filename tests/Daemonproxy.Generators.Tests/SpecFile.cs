using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Tests;

/// <summary>A spec that exists in memory only.</summary>
internal sealed class SpecFile(string text, string path = "/project/commands.spec") : AdditionalText
{
    public override string Path { get; } = path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}

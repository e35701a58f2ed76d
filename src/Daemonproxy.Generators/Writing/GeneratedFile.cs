namespace Daemonproxy.Generators.Writing;

/// <summary>A product: a C# file and its name.</summary>
internal sealed record GeneratedFile(string Name, string Text)
{
    public static GeneratedFile From(string name, SourceWriter writer) => new(name + ".g.cs", writer.ToString());
}

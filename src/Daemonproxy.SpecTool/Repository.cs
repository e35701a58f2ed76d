using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Daemonproxy.Generators;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;
using Daemonproxy.SpecTool.Documents;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.SpecTool;

/// <summary>The files of this repository that the documents are made of.</summary>
internal sealed class Repository(string root)
{
    /// <summary>Every document as it should be.</summary>
    /// <exception cref="BadSpecException">The spec has problems.</exception>
    public IReadOnlyList<Document> MakeDocuments() =>
    [
        .. MakeProtocolDocuments(),
        new("docs/PROBLEMS.md", MakeProblemsPage(File.ReadAllText(In("docs", "PROBLEMS.md.in")))),
    ];

    /// <summary>The page that explains every rule of the spec compiler, from its template.</summary>
    public string MakeProblemsPage(string template)
    {
        Grammar grammar = new(File.ReadAllText(In("docs", "SPEC.md")));
        return new ProblemsPage(grammar, ReadBadSpec).Write(template);
    }

    /// <summary>Where a document belongs.</summary>
    public string PathOf(Document document) => In(document.Path);

    private IReadOnlyList<Document> MakeProtocolDocuments()
    {
        SpecModel spec = ReadSpec();
        XDocument properties = XDocument.Load(In("Directory.Build.props"));
        Examples examples = new(In("tests", "Daemonproxy.Tests", "Transcripts"));
        return DocumentSet.Write(new DocumentSource(
            spec,
            properties.Descendants("Version").Single().Value,
            properties.Descendants("ReleaseDate").Single().Value,
            File.ReadAllText(In("docs", "daemonproxy.8.in")),
            spec.Commands.Select(command => (command.Name, Text: examples.Of(command.Name)))
                .Where(example => example.Text is not null)
                .ToDictionary(example => example.Name, example => example.Text!)));
    }

    private SpecModel ReadSpec()
    {
        string path = In(ProtocolGenerator.SpecFile);
        CompiledSpec compiled = SpecCompiler.Compile(path, SourceText.From(File.ReadAllText(path)));
        return compiled.Model ?? throw new BadSpecException(compiled.Problems);
    }

    private BadSpec ReadBadSpec(string name) => BadSpec.Parse(
        File.ReadAllText(In("tests", "Daemonproxy.Generators.Tests", "specs", "bad", name + ".spec")));

    private string In(params string[] path) => Path.Combine([root, .. path]);
}

using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Daemonproxy.Generators;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.SpecTool;

/// <summary>The files of this repository that the documents are made of.</summary>
internal sealed class Repository(string root)
{
    /// <summary>Every document as it should be.</summary>
    /// <exception cref="BadSpecException">The spec has problems.</exception>
    public IReadOnlyList<Document> MakeDocuments()
    {
        SpecModel spec = ReadSpec();
        XDocument properties = XDocument.Load(In("Directory.Build.props"));
        Examples examples = new(In("tests", "Daemonproxy.Tests", "Transcripts"));
        return Documents.Write(new DocumentSource(
            spec,
            properties.Descendants("Version").Single().Value,
            properties.Descendants("ReleaseDate").Single().Value,
            File.ReadAllText(In("docs", "daemonproxy.1.in")),
            spec.Commands.Select(command => (command.Name, Text: examples.Of(command.Name)))
                .Where(example => example.Text is not null)
                .ToDictionary(example => example.Name, example => example.Text!)));
    }

    /// <summary>Where a document belongs.</summary>
    public string PathOf(Document document) => In(document.Path);

    private SpecModel ReadSpec()
    {
        string path = In(ProtocolGenerator.SpecFile);
        CompiledSpec compiled = SpecCompiler.Compile(path, SourceText.From(File.ReadAllText(path)));
        return compiled.Model ?? throw new BadSpecException(compiled.Problems);
    }

    private string In(params string[] path) => Path.Combine([root, .. path]);
}

using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;
using Daemonproxy.SpecTool.Documents.Python;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>
/// The sources of the documents: the spec, and facts that are not in it. <c>Version</c> and <c>Date</c> are those of
/// the program, <c>ManPage</c> is the template of the manual page, and <c>Examples</c> has a piece of a conversation
/// for commands, by name.
/// </summary>
internal sealed record DocumentSource(
    SpecModel Spec, string Version, string Date, string ManPage, IReadOnlyDictionary<string, string> Examples)
{
    /// <summary>The file of the spec, as the page names it.</summary>
    public string SpecFile { get; init; } = "commands.spec";

    /// <summary>The command that makes the documents anew, as the page names it.</summary>
    public string Maker { get; init; } = "make docs";

    /// <summary>The description for programs, from the folder of the page; null if there is none.</summary>
    public string? Json { get; init; } = "protocol.json";
}

/// <summary>A document: its path from the root of the repository, and its text.</summary>
internal sealed record Document(string Path, string Text);

/// <summary>Every document that is made from the spec and checked in.</summary>
internal static class DocumentSet
{
    public static IReadOnlyList<Document> Write(DocumentSource source) =>
    [
        new("docs/PROTOCOL.md", ProtocolPageWriter.Write(source)),
        new("docs/protocol.json", ProtocolJsonWriter.Write(source.Spec)),
        new("docs/daemonproxy.8", ManPageWriter.Write(source)),
        new("docs/daemonproxy-protocol.7", ProtocolManualWriter.Write(source)),
        new("completions/daemonproxy.bash", BashCompletionWriter.Write(source.Spec)),
        new("completions/_daemonproxy", ZshCompletionWriter.Write(source.Spec)),
        new("completions/daemonproxy.fish", FishCompletionWriter.Write(source.Spec)),
        .. PythonPackageWriter.Write(source.Spec),
    ];
}

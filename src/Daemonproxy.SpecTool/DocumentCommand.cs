using System;
using System.Collections.Generic;
using System.IO;
using Daemonproxy.Generators;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;
using Daemonproxy.SpecTool.Documents;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.SpecTool;

/// <summary>
/// Writes the documents of any spec: what the target <c>ProtocolDocuments</c> of the package runs. The documents are
/// made from the spec alone, and from a template for the prose of the man page.
/// </summary>
internal static class DocumentCommand
{
    /// <summary>The first argument that asks for it.</summary>
    public const string Name = "documents";

    public const string Usage = """
        Usage: Daemonproxy.SpecTool documents SPEC [--page FILE] [--json FILE] [--manual FILE] [--template FILE]
                   [--version TEXT] [--date TEXT] [--check]
        """;

    // The template of a man page without prose of its own.
    private const string Template = """
        .TH @NAME@ 7 @DATE@ "version @VERSION@"
        .SH NAME
        @NAME@ \- the commands and events of the @NAME@ protocol
        .SH COMMANDS
        @COMMANDS@
        .SH EVENTS
        @EVENTS@

        """;

    /// <summary>Writes the documents; with <c>--check</c>, only says which are not as they should be.</summary>
    /// <returns>The exit code: 0, 1 for a stale document, 2 for wrong arguments.</returns>
    /// <exception cref="BadSpecException">The spec has problems.</exception>
    public static int Run(string[] arguments)
    {
        if (Parse(arguments) is not { } options || !options.TryGetValue("spec", out string? path))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        bool isFresh = true;
        foreach (Document document in Make(path, options))
        {
            isFresh &= Renew(document, isCheck: options.ContainsKey("--check"));
        }

        return isFresh ? 0 : 1;
    }

    private static Dictionary<string, string>? Parse(string[] arguments)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int index = 0; index < arguments.Length; index++)
        {
            string argument = arguments[index];
            switch (argument)
            {
                case "--check":
                    options[argument] = "";
                    break;
                case "--page" or "--json" or "--manual" or "--template" or "--version" or "--date"
                    when index + 1 < arguments.Length:
                    options[argument] = arguments[++index];
                    break;
                default:
                    if (argument.StartsWith('-') || !options.TryAdd("spec", argument))
                    {
                        return null;
                    }

                    break;
            }
        }

        return options;
    }

    private static IEnumerable<Document> Make(string path, Dictionary<string, string> options)
    {
        CompiledSpec compiled = SpecCompiler.Compile(path, SourceText.From(File.ReadAllText(path)));
        SpecModel spec = compiled.Model ?? throw new BadSpecException(compiled.Problems);
        string template = options.TryGetValue("--template", out string? file) ? File.ReadAllText(file) : Template;
        options.TryGetValue("--json", out string? json);
        var source = new DocumentSource(
            spec,
            options.GetValueOrDefault("--version", "1"),
            options.GetValueOrDefault("--date", ""),
            template.Replace("@NAME@", spec.Manual.Protocol, StringComparison.Ordinal),
            new Dictionary<string, string>())
        {
            SpecFile = Path.GetFileName(path),
            Maker = "dotnet build -t:ProtocolDocuments",
            Json = Path.GetFileName(json),
        };
        if (options.TryGetValue("--page", out string? page))
        {
            yield return new Document(page, ProtocolPageWriter.Write(source));
        }

        if (json is not null)
        {
            yield return new Document(json, ProtocolJsonWriter.Write(spec));
        }

        if (options.TryGetValue("--manual", out string? manual))
        {
            yield return new Document(manual, ManPageWriter.Write(source));
        }
    }

    private static bool Renew(Document document, bool isCheck)
    {
        if (File.Exists(document.Path) && File.ReadAllText(document.Path) == document.Text)
        {
            return true;
        }

        if (isCheck)
        {
            Console.Error.WriteLine($"{document.Path}: not made from the spec as it is; run -t:ProtocolDocuments");
            return false;
        }

        if (Path.GetDirectoryName(Path.GetFullPath(document.Path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.WriteAllText(document.Path, document.Text);
        Console.WriteLine($"renewed {document.Path}");
        return true;
    }
}

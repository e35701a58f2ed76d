using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>The part of the client for Python that is made from the spec: <c>daemonproxy.protocol</c>.</summary>
internal static class PythonPackageWriter
{
    private const string Folder = "clients/python/src/daemonproxy/protocol/";

    public static IEnumerable<Document> Write(SpecModel spec) =>
    [
        new(Folder + "__init__.py", WriteHead(spec)),
        new(Folder + "values.py", PythonValuesWriter.Write(spec)),
        new(Folder + "errors.py", PythonErrorsWriter.Write(spec)),
        new(Folder + "events.py", PythonEventsWriter.Write(spec)),
        new(Folder + "commands.py", PythonCommandsWriter.Write(spec)),
    ];

    private static string WriteHead(SpecModel spec)
    {
        string docs = spec.Docs["protocol " + spec.Manual.Protocol];
        var source = new PythonSource(docs.Length > 0 ? docs : "The protocol " + spec.Manual.Protocol + ".");
        source.Line("PROTOCOL = " + PythonSource.Quoted(spec.Manual.Protocol));
        source.Docs("Its name.");
        source.Line();
        source.Line("VERSION = " + PythonTypes.Text(spec.Manual.Version));
        source.Docs("It is raised when controllers of the version before can break.");
        return source.ToString();
    }
}

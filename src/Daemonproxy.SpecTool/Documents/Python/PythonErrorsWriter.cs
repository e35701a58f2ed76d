using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>The module of the errors: an exception for each.</summary>
internal static class PythonErrorsWriter
{
    public static string Write(SpecModel spec)
    {
        var source = new PythonSource(
            "The errors of the protocol, an exception for each. Catch `CommandFailed` for all of them.");
        source.Import("typing", "Tuple", "Type");
        source.Import("..messages", "CommandFailed");
        foreach (ErrorModel error in spec.Errors)
        {
            source.OpenTop("class " + PythonNames.Error(error.Name) + "(CommandFailed):");
            string docs = spec.Docs["error " + error.Name];
            string text = "`" + Wire.Text(error.Pieces) + "`";
            source.Docs(docs.Length > 0 ? docs : ErrorProse.Of(error.Name, spec.Docs), text);
            source.Line();
            List<string> pieces = [.. Literals(error).Select(PythonSource.Quoted)];
            source.Listed("TEXT = (", pieces, error.HasPlaceholders ? ")" : ",)");
            source.Close();
        }

        source.Line();
        source.Line();
        source.Filled(
            "ERRORS: Tuple[Type[CommandFailed], ...] = (",
            [.. spec.Errors.Select(error => PythonNames.Error(error.Name))],
            ")");
        source.Docs("All errors. Of two with the same text, the first counts.");
        return source.ToString();
    }

    // What stands before, between and behind the placeholders.
    private static List<string> Literals(ErrorModel error)
    {
        List<string> literals = [""];
        foreach (MessagePiece piece in error.Pieces)
        {
            if (piece.Placeholder is not null)
            {
                literals.Add("");
            }
            else
            {
                literals[^1] += piece.Literal;
            }
        }

        return literals;
    }
}

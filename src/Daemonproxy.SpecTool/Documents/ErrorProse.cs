using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>Says in words when an error is answered.</summary>
internal static class ErrorProse
{
    /// <summary>The comment of the error; of a type's text, which has none, what it is for.</summary>
    public static string Of(string error, Documentation docs)
    {
        string comment = docs["error " + error];
        return comment.Length > 0
            ? Markdown.FromSpec(comment)
            : error.Substring(error.LastIndexOf('.') + 1) switch
            {
                "missing" => "It is not there, or empty.",
                "invalid" => "It does not have the form of a name.",
                "unknown" => "There is none of that name.",
                "constant" => "It cannot be changed.",
                "full" => "There is no room for another one.",
                "range" => "The number is out of its range.",
                _ => "",
            };
    }
}

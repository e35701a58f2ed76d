using Daemonproxy.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Problems;

/// <summary>Something wrong in a spec, and exactly where. Only problems know places; the model does not.</summary>
internal sealed record Problem(
    DiagnosticDescriptor Rule,
    string Path,
    TextSpan Span,
    LinePositionSpan Lines,
    EquatableArray<string> Arguments)
{
    public Diagnostic ToDiagnostic()
    {
        var arguments = new object[Arguments.Count];
        for (int index = 0; index < arguments.Length; index++)
        {
            arguments[index] = Arguments[index];
        }

        Location location = Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines);
        return Diagnostic.Create(Rule, location, arguments);
    }
}

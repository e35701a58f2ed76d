using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks <c>since</c> and <c>deprecated</c>.</summary>
internal static class AgeBinder
{
    public static AgeModel Bind(Scope scope, FieldsSyntax declaration)
    {
        if (declaration.Since is { } since && scope.Protocol is { } protocol
            && (since.Version < 1 || since.Version > protocol.Version))
        {
            scope.Problems.Report(
                Rules.UnknownVersion, since.Number.Span, since.Number.Text,
                protocol.Version.ToString(CultureInfo.InvariantCulture));
        }

        return new AgeModel(declaration.Since?.Version, declaration.Deprecated?.Text);
    }
}

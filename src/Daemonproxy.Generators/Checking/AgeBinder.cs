using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks <c>since</c> and <c>deprecated</c>.</summary>
internal static class AgeBinder
{
    public static AgeModel Bind(Scope scope, AgeSyntax age)
    {
        if (age.Since is { } since && scope.Protocol is { Version: > 0 } protocol
            && (since.Version < 1 || since.Version > protocol.Version))
        {
            scope.Problems.Report(
                Rules.UnknownVersion, since.Number.Span, since.Number.Text,
                protocol.Version.ToString(CultureInfo.InvariantCulture));
        }

        return Of(age);
    }

    /// <summary>The same, where it has been checked.</summary>
    public static AgeModel Of(AgeSyntax age) => age.Since == null && age.Deprecated == null
        ? AgeModel.Unknown
        : new AgeModel(age.Since?.Version, age.Deprecated?.Text);
}

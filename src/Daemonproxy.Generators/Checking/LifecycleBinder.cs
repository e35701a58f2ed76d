using System.Globalization;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Checks <c>since</c> and <c>deprecated</c>.</summary>
internal static class LifecycleBinder
{
    public static LifecycleModel Bind(Scope scope, LifecycleSyntax lifecycle)
    {
        if (lifecycle.Since is { } since && scope.Protocol is { Version: > 0 } protocol
            && (since.Version < 1 || since.Version > protocol.Version))
        {
            scope.Problems.Report(
                Rules.UnknownVersion, since.Number.Span, since.Number.Text,
                protocol.Version.ToString(CultureInfo.InvariantCulture));
        }

        return Of(lifecycle);
    }

    /// <summary>The same, where it has been checked.</summary>
    public static LifecycleModel Of(LifecycleSyntax lifecycle) =>
        lifecycle.Since == null && lifecycle.Deprecated == null
            ? LifecycleModel.Unknown
            : new LifecycleModel(lifecycle.Since?.Version, lifecycle.Deprecated?.Text);
}

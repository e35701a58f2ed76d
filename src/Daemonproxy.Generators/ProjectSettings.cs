using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Daemonproxy.Generators;

/// <summary>
/// The properties of a project file that the generator reads. Without any of them it writes the daemon's side under the
/// daemon's names. The package sets <c>ProtocolRuntime</c> to <c>generated</c>, and with it the names become the
/// project's own.
/// </summary>
internal sealed record ProjectSettings(bool IsClient, Namespaces Names)
{
    /// <summary>The names that cannot be used.</summary>
    public EquatableArray<Problem> Problems { get; init; }

    public static ProjectSettings Read(AnalyzerConfigOptions options)
    {
        bool isClient = Of(options, "ProtocolProduct") == "client";
        if (Of(options, "ProtocolRuntime") != "generated")
        {
            return new ProjectSettings(isClient, Namespaces.Default);
        }

        Namespaces names = Namespaces.Below(
            ProjectNames.NamespaceOf(Of(options, "ProtocolNamespace") ?? "Protocol"));
        return new ProjectSettings(isClient, names with
        {
            Connection = Of(options, "ProtocolConnection") ?? names.Connection,
            Event = Of(options, "ProtocolEvent") ?? names.Event,
        });
    }

    // A property that is empty counts as one that is not set.
    private static string? Of(AnalyzerConfigOptions options, string property) =>
        options.TryGetValue("build_property." + property, out string? value) && value.Length > 0 ? value : null;
}

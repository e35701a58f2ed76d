using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Daemonproxy.Generators.Tests;

/// <summary>The settings of the generator in a project file.</summary>
internal sealed class Project : AnalyzerConfigOptionsProvider
{
    private readonly Options _options;

    private Project(Dictionary<string, string> properties) => _options = new Options(properties);

    /// <summary>One that says nothing.</summary>
    public static Project Daemon { get; } = new([]);

    /// <summary>One that wants the client.</summary>
    public static Project Client { get; } = new(new() { ["build_property.ProtocolProduct"] = "client" });

    /// <summary>One outside this repository, as the targets of the package describe it.</summary>
    public static Project Outside(string product) => Outside(product, "ProtocolNamespace", "Shop");

    /// <summary>The same, with one more property, or another namespace.</summary>
    public static Project Outside(string product, string property, string value) => new(new()
    {
        ["build_property.ProtocolProduct"] = product,
        ["build_property.ProtocolRuntime"] = "generated",
        ["build_property.ProtocolNamespace"] = "Shop",
        ["build_property." + property] = value,
    });

    public override AnalyzerConfigOptions GlobalOptions => _options;

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => _options;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => _options;

    private sealed class Options(Dictionary<string, string> properties) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) =>
            properties.TryGetValue(key, out value);
    }
}

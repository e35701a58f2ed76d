using System.Collections.Generic;
using Daemonproxy.SpecTool;

namespace Daemonproxy.Generators.Tests;

/// <summary>The settings of the generator in a project file.</summary>
internal sealed class Project : ProjectFile
{
    private Project(Dictionary<string, string> properties)
        : base(properties)
    {
    }

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
}

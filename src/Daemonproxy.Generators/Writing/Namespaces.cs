namespace Daemonproxy.Generators.Writing;

/// <summary>
/// The namespaces that generated code lives in and refers to. Nothing else in the generator knows one by its name.
/// </summary>
internal sealed record Namespaces
{
    /// <summary>The namespaces of the daemon and its client.</summary>
    public static Namespaces Default { get; } = new();

    /// <summary>Values of the protocol, events, errors and limits, with the runtime that they rely on.</summary>
    public string Protocol { get; init; } = "Daemonproxy.Protocol";

    /// <summary>The command table, the arguments of the commands and the interface of their handler.</summary>
    public string Commands { get; init; } = "Daemonproxy.Commands";

    /// <summary>The option table and the interface of whoever applies options.</summary>
    public string Options { get; init; } = "Daemonproxy.Startup";

    /// <summary>The messages of the log, and the log that takes them.</summary>
    public string Logging { get; init; } = "Daemonproxy.Logging";

    /// <summary>Everything of the client.</summary>
    public string Client { get; init; } = "Daemonproxy.Client";

    /// <summary>The class of the client that has a method for each command.</summary>
    public string Connection { get; init; } = "DaemonConnection";

    /// <summary>The record that every event of the client is derived from.</summary>
    public string Event { get; init; } = "DaemonEvent";

    /// <summary>The name of the other side in comments of the client.</summary>
    public string Peer { get; init; } = "daemon";

    /// <summary>The tool that the attribute on generated types names.</summary>
    public string Tool { get; init; } = "Daemonproxy.Generators";

    /// <summary>
    /// True if the runtime is generated too (<see cref="RuntimeSources"/>). The daemon and its client have it by hand.
    /// </summary>
    public bool HasGeneratedRuntime { get; init; }

    /// <summary>The namespaces and names of another protocol, all below one namespace.</summary>
    public static Namespaces Below(string root) => new()
    {
        Protocol = root + ".Protocol",
        Commands = root + ".Commands",
        Options = root + ".Options",
        Logging = root + ".Logging",
        Client = root + ".Client",
        Connection = "ProtocolConnection",
        Event = "ProtocolEvent",
        Peer = "server",
        Tool = "ProtocolGenerator",
        HasGeneratedRuntime = true,
    };

    /// <summary>Puts the namespaces into a line that has marks of <see cref="Runtime"/> in their place.</summary>
    public string Resolve(string line)
    {
        if (line.IndexOf(Runtime.Mark) < 0)
        {
            return line;
        }

        return line
            .Replace(Runtime.DaemonEvent, "global::" + Client + "." + Event)
            .Replace(Runtime.Peer, Peer)
            .Replace(Runtime.Tool, Tool)
            .Replace(Runtime.InProtocol, "global::" + Protocol + ".")
            .Replace(Runtime.InCommands, "global::" + Commands + ".")
            .Replace(Runtime.InOptions, "global::" + Options + ".")
            .Replace(Runtime.InLogging, "global::" + Logging + ".")
            .Replace(Runtime.InClient, "global::" + Client + ".");
    }
}

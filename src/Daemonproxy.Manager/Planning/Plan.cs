using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Planning;

/// <summary>A line of the manager's log.</summary>
/// <param name="Level">The level.</param>
/// <param name="Text">One sentence that begins with the service.</param>
public readonly record struct LogLine(LogLevel Level, string Text);

/// <summary>The actions to carry out now, and the time of the next plan if no event comes before.</summary>
public sealed class Plan
{
    private readonly List<DaemonCommand> _commands = [];
    private readonly Dictionary<DaemonCommand, string> _services = [];
    private readonly List<LogLine> _log = [];

    /// <summary>
    /// The commands, in order. If only some of them are sent, the next plan for the new state has the rest.
    /// </summary>
    public IReadOnlyList<DaemonCommand> Commands => _commands;

    /// <summary>The lines to log.</summary>
    public IReadOnlyList<LogLine> Log => _log;

    /// <summary>The time at which the next plan may differ without an event; null for never.</summary>
    public Instant? LookAgain { get; private set; }

    /// <summary>The service that a command is for; empty for the daemon itself.</summary>
    /// <param name="command">A command of this plan.</param>
    public string ServiceOf(DaemonCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return _services.TryGetValue(command, out string? service) ? service
            : command.Name.StartsWith("service.", StringComparison.Ordinal) ? command.Fields[0]
            : "";
    }

    internal void Add(DaemonCommand command) => _commands.Add(command);

    /// <summary>Adds the end of the daemon.</summary>
    internal void AddEnd(DaemonDefinition daemon, TextList? program)
    {
        if (program is { } last && last != daemon.ExecOnExit)
        {
            Add("terminate.exec_args", [.. last]);
        }

        Add("terminate", daemon.Guard is { } code ? ["0", code.ToString(CultureInfo.InvariantCulture)] : ["0"]);
    }

    internal void AddDescriptor(DaemonCommand command, string service)
    {
        _services[command] = service;
        _commands.Add(command);
    }

    internal void Add(string name, params ReadOnlySpan<string> fields) =>
        _commands.Add(new DaemonCommand(name, fields));

    internal void Debug(string text) => _log.Add(new LogLine(LogLevel.Debug, text));

    internal void Info(string text) => _log.Add(new LogLine(LogLevel.Info, text));

    internal void Warn(string text) => _log.Add(new LogLine(LogLevel.Warning, text));

    internal void Error(string text) => _log.Add(new LogLine(LogLevel.Error, text));

    internal void LookAt(Instant time)
    {
        if (LookAgain is not { } earlier || time < earlier)
        {
            LookAgain = time;
        }
    }
}

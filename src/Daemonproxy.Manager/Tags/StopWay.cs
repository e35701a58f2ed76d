using System;
using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Tags;

/// <summary>The way of stopping a service, from its file; <see cref="ManagerTag.Stop"/> has its text.</summary>
/// <param name="Seconds">The time until SIGKILL.</param>
/// <param name="Signal">The signal before; empty for SIGTERM.</param>
/// <param name="IsTree">True if the signal goes to the whole tree.</param>
public readonly record struct StopWay(long Seconds, string Signal, bool IsTree)
{
    private const string Tree = "tree";

    // What a service that runs takes no notice of.
    private const string Harmless = "SIGCONT";

    /// <summary>The usual way.</summary>
    public static StopWay Usual { get; } = new(ServiceDefinition.UsualStopTimeout, "", IsTree: false);

    /// <summary>The way of a definition.</summary>
    public static StopWay Of(ServiceDefinition service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new StopWay(service.StopTimeout, service.StopSignal, service.StopsTree);
    }

    /// <summary>Reads what <see cref="ToString"/> writes; the usual way where that cannot be read.</summary>
    public static StopWay Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(',');
        return long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            ? new StopWay(
                long.Min(seconds, int.MaxValue), parts.Length > 1 ? parts[1] : "", parts.Length > 2 && parts[2] == Tree)
            : Usual;
    }

    /// <summary>
    /// The commands that stop a service. The daemon's stop signals one process; so for a tree it has a signal that
    /// nobody takes notice of, and the real one follows. The other way round a client could start the service anew
    /// between the two.
    /// </summary>
    /// <param name="service">Its name.</param>
    /// <param name="runs">True if it runs: otherwise there is nothing to signal.</param>
    public DaemonCommand[] Commands(string service, bool runs)
    {
        string seconds = Seconds.ToString(CultureInfo.InvariantCulture);
        return IsTree && runs && Seconds > 0
            ?
            [
                new DaemonCommand("service.stop", service, seconds, Harmless),
                SignalToTree(service),
            ]
            : [new DaemonCommand("service.stop", Signal.Length > 0 ? [service, seconds, Signal] : [service, seconds])];
    }

    /// <summary>The command that signals the whole tree of a service; the second of <see cref="Commands"/>.</summary>
    /// <param name="service">Its name.</param>
    public DaemonCommand SignalToTree(string service) =>
        new("service.signal", service, Signal.Length > 0 ? Signal : "SIGTERM", Tree);

    /// <summary><c>SECONDS,SIGNAL</c>, with <c>,tree</c> behind it; empty for the usual way.</summary>
    public override string ToString() => this == Usual
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{Seconds},{Signal}{(IsTree ? $",{Tree}" : "")}");
}

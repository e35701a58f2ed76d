using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Planning;

/// <summary>The signals of the daemon that cause a shutdown, and the program that process 1 executes then.</summary>
internal static class ShutdownSignals
{
    // As sysvinit's and busybox's halt(8), systemd's and LXC's tools send them.
    private static readonly ImmutableArray<Signal> _halt = [Signal.Usr1, Signal.Named("SIGRTMIN+3")];
    private static readonly ImmutableArray<Signal> _powerOff = [Signal.Usr2, Signal.Named("SIGRTMIN+4")];
    private static readonly ImmutableArray<Signal> _reboot = [Signal.Named("SIGRTMIN+5")];

    /// <summary>The program that the daemon has to execute; null if no signal requests a shutdown.</summary>
    /// <param name="daemon">The settings of the daemon in the file.</param>
    /// <param name="signals">The pending signals.</param>
    public static TextList? ProgramOf(DaemonDefinition daemon, IEnumerable<Signal> signals)
    {
        HashSet<Signal> pending = [.. signals];
        return daemon.Halt.Count > 0 && _halt.Any(pending.Contains) ? daemon.Halt
            : daemon.PowerOff.Count > 0 && _powerOff.Any(pending.Contains) ? daemon.PowerOff
            : daemon.Reboot.Count > 0 && _reboot.Any(pending.Contains) ? daemon.Reboot

            // SIGINT is ctrl-alt-del for process 1, and ^C otherwise; SIGPWR reports a failing power supply.
            : pending.Contains(Signal.Pwr) ? OrUsual(daemon.PowerOff, daemon)
            : pending.Contains(Signal.Term) || pending.Contains(Signal.Int) ? OrUsual(daemon.Reboot, daemon)
            : null;
    }

    private static TextList OrUsual(TextList program, DaemonDefinition daemon) =>
        program.Count > 0 ? program : daemon.ExecOnExit;
}

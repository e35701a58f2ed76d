using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>
/// The result of a launch: started, failed in the child, or refused. A child that failed has ended with code 3, and is
/// still to be reaped.
/// </summary>
/// <param name="Pid">The process; 0 when the launch was refused.</param>
/// <param name="Step">The step that failed; none when the program was executed.</param>
/// <param name="Reason">The error of that step.</param>
internal readonly record struct LaunchOutcome(Pid Pid, LaunchStep Step, Errno Reason)
{
    /// <summary>True if there is no process.</summary>
    public bool IsRefused => Pid.IsNone;

    /// <summary>True if the program was not executed.</summary>
    public bool HasFailed => Step != LaunchStep.None;

    /// <summary>The program is executed by this process.</summary>
    public static LaunchOutcome Started(Pid pid) => new(pid, LaunchStep.None, Errno.None);

    /// <summary>This process could not execute the program.</summary>
    public static LaunchOutcome Failed(Pid pid, LaunchStep step, Errno reason) => new(pid, step, reason);

    /// <summary>There is no process.</summary>
    public static LaunchOutcome Refused(LaunchStep step, Errno reason) => new(default, step, reason);
}

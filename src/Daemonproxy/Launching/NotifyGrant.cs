using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>The notify socket that a run gets, sd_notify(3), and the watchdog that it answers there.</summary>
/// <param name="Socket">The socket, without an address; none where the run has none.</param>
/// <param name="FileName">The name of its file, in hexadecimal digits; 0 where its address is abstract.</param>
/// <param name="Watchdog">The seconds within which it says that it is well; 0 when it need not.</param>
internal readonly record struct NotifyGrant(FdNumber Socket, ulong FileName, int Watchdog)
{
    /// <summary>A run that has none.</summary>
    public static NotifyGrant None => new(FdNumber.None, 0, 0);

    public bool IsNone => Socket.IsNone;
}

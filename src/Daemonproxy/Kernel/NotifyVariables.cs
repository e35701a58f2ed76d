using System;

namespace Daemonproxy.Kernel;

/// <summary>The environment variables that a supervisor sets for one process only.</summary>
internal static class NotifyVariables
{
    /// <summary>
    /// True if a variable is meant for the process that got it from its supervisor, and for no other: sd_notify(3),
    /// sd_watchdog_enabled(3).
    /// </summary>
    public static bool IsNotifyVariable(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("NOTIFY_SOCKET"u8) || name.SequenceEqual("WATCHDOG_USEC"u8)
        || name.SequenceEqual("WATCHDOG_PID"u8);

    /// <summary>The same for sd_listen_fds(3).</summary>
    public static bool IsListenVariable(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("LISTEN_FDS"u8) || name.SequenceEqual("LISTEN_PID"u8)
        || name.SequenceEqual("LISTEN_FDNAMES"u8);
}

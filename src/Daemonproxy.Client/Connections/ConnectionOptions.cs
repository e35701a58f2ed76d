using System;

namespace Daemonproxy.Client;

/// <summary>How a connection behaves.</summary>
public sealed record ConnectionOptions
{
    /// <summary>The options that are used where none are given.</summary>
    public static ConnectionOptions Default { get; } = new();

    /// <summary>
    /// The bytes of commands that may be called and not yet taken by the kernel; 8,192 to 1,073,741,824. A command that
    /// is called beyond that waits, and its caller's thread with it, until there is room: see
    /// <see cref="DaemonConnection.WaitForRoomAsync"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of its bounds.</exception>
    public int MostUnsent
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 8192);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1 << 30);
            field = value;
        }
    } = 256 * 1024;

    /// <summary>How long an attempt to connect may take, the first answer of the daemon included; above zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above zero.</exception>
    public TimeSpan ConnectLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromSeconds(10);
}

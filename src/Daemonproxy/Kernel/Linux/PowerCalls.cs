using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The system calls of commands such as <c>reboot</c>. The daemon never uses them: sync(2) and nanosleep(2) block.
/// </summary>
internal static unsafe class PowerCalls
{
    /// <summary>Commands of reboot(2).</summary>
    public const uint Halt = 0xCDEF0123;
    public const uint PowerOff = 0x4321FEDC;
    public const uint Restart = 0x01234567;

    private const int MinutesOfHour = 60;

    /// <summary>Ends the machine at once, reboot(2). In a PID namespace that ends the process 1 of it.</summary>
    /// <param name="command">One of the commands above.</param>
    /// <param name="syncs">True if sync(2) is called before.</param>
    public static Errno End(uint command, bool syncs)
    {
        if (syncs)
        {
            NativeMethods.sync();
        }

        return NativeMethods.reboot((int)command) < 0 ? SignalSafeCalls.LastError : Errno.None;
    }

    /// <summary>Waits.</summary>
    public static void Sleep(int seconds)
    {
        for (uint left = (uint)seconds; left > 0;)
        {
            left = NativeMethods.sleep(left);
        }
    }

    /// <summary>The local time of the day in minutes, from 0 to 1,439, localtime(3).</summary>
    public static int MinuteOfDay()
    {
        NativeMethods.LocalTime local;
        long now = NativeMethods.time(null);
        return NativeMethods.localtime_r(&now, &local) == null ? 0 : (local.Hour * MinutesOfHour) + local.Minute;
    }
}

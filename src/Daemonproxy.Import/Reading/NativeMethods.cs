using System.Runtime.InteropServices;

namespace Daemonproxy.Import.Reading;

/// <summary>Calls of the C library: .NET cannot open a file without waiting for the other end of a fifo.</summary>
internal static unsafe class NativeMethods
{
    public const int O_RDONLY = 0;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_NOCTTY = 0x100;

    [DllImport("libc", SetLastError = false)]
    public static extern int open(byte* path, int flags, int mode);

    [DllImport("libc", SetLastError = false)]
    public static extern int statx(int folder, byte* path, int flags, uint mask, byte* result);

    [DllImport("libc", SetLastError = false)]
    public static extern uint geteuid();
}

using System.Runtime.InteropServices;

namespace Daemonproxy.Control.Kernel;

/// <summary>
/// Calls of the C library for which .NET has no API, or only one that needs a thread or starts slowly.
/// </summary>
internal static unsafe class NativeMethods
{
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int EPIPE = 32;
    public const int POLLIN = 1;
    public const int O_WRONLY = 1;
    public const int O_CREAT = 0x40;
    public const int O_APPEND = 0x400;
    public const int O_CLOEXEC = 0x80000;
    public const int TCSANOW = 0;
    public const int SIGTSTP = 20;
    public const nuint TIOCGWINSZ = 0x5413;

    /// <summary>The bytes of a struct termios, a struct sigaction, and a struct tm; all are smaller.</summary>
    public const int MostTermiosBytes = 128;
    public const int MostSigactionBytes = 256;
    public const int MostTimeBytes = 128;

    [DllImport("libc")]
    public static extern nint write(int fd, void* bytes, nint count);

    [DllImport("libc")]
    public static extern nint read(int fd, void* bytes, nint count);

    [DllImport("libc")]
    public static extern int open(byte* path, int flags, int mode);

    [DllImport("libc")]
    public static extern int isatty(int fd);

    [DllImport("libc")]
    public static extern int ioctl(int fd, nuint request, void* argument);

    [DllImport("libc")]
    public static extern int poll(PollFd* fds, nuint count, int milliseconds);

    [DllImport("libc")]
    public static extern int statx(int folder, byte* path, int flags, uint mask, byte* result);

    [DllImport("libc")]
    public static extern void* localtime_r(long* time, void* local);

    [DllImport("libc")]
    public static extern int tcgetattr(int fd, void* attributes);

    [DllImport("libc")]
    public static extern int tcsetattr(int fd, int when, void* attributes);

    [DllImport("libc")]
    public static extern int sigaction(int signal, void* action, void* before);

    [DllImport("libc")]
    public static extern int raise(int signal);

    [DllImport("libc")]
    public static extern int execvp(byte* file, byte** arguments);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Returned;
    }
}

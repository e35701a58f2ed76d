using System.Runtime.InteropServices;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The calls and constants that Tmds.LibC does not serve for, outside of handlers and children; C names, C meanings.
/// Everything else is Tmds.LibC's. A call is here for one of two reasons:
///   - Tmds.LibC lacks it: mknod, sync, sleep, time, localtime_r, signalfd, getdents64, getauxval, getrlimit, prctl,
///     reboot, dl_iterate_phdr, and a clone that takes a managed entry. Its fstat calls __fxstat, which glibc 2.33
///     keeps for old programs.
///   - It is hot (read, write, send, recvmsg, poll, epoll_ctl): Tmds.LibC's sets the last error each time.
/// What may wait makes a transition; the rest has SuppressGCTransition, and costs no more than a call in C. errno is
/// read directly after a call that failed, also after one of Tmds.LibC: only a collection could change it on the way
/// back, and only this thread allocates.
/// </summary>
internal static unsafe class NativeMethods
{
    public const int AT_PAGESZ = 6;
    public const int AT_EXECFN = 31;
    public const int AT_SYSINFO_EHDR = 33;
    public const int AT_MINSIGSTKSZ = 51;

    public const int SEEK_SET = 0;
    public const int SEEK_END = 2;
    public const int SEEK_DATA = 3;
    public const int SEEK_HOLE = 4;

    private const int RWF_NOWAIT = 8;

    /// <summary>Offsets of the length and the name in linux_dirent64, getdents64(2).</summary>
    public const int EntryLength = 16;
    public const int EntryName = 19;

    public static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>getdents64(2), which the C library has only since 2.30.</summary>
    public static nint ListFolder(int fd, byte* list, nint bytes) =>
        getdents64(IsArm64 ? 61 : 217, fd, list, bytes);

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern nint getdents64(nint number, nint fd, byte* list, nint bytes);

    // Calls that may block.
    [DllImport("libc")]
    public static extern nint read(int fd, void* buffer, nint bytes);

    [DllImport("libc")]
    public static extern nint write(int fd, void* buffer, nint bytes);

    [DllImport("libc")]
    public static extern nint sendfile(int into, int from, long* offset, nint bytes);

    [DllImport("libc")]
    public static extern int clone(
        delegate*<void*, int> entry, void* stack, int flags, void* argument, int* parentTid, void* tls, int* childTid);

    [DllImport("libc")]
    public static extern int mknod(byte* path, uint mode, ulong device);

    [DllImport("libc")]
    public static extern void sync();

    [DllImport("libc")]
    public static extern uint sleep(uint seconds);

    [DllImport("libc")]
    public static extern LocalTime* localtime_r(long* time, LocalTime* local);

    // Calls that cannot block.
    [DllImport("libc"), SuppressGCTransition]
    public static extern long time(long* time);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int epoll_ctl(int epoll, int operation, int fd, epoll_event* wanted);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int poll(pollfd* fds, nuint count, int milliseconds);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint recvmsg(int fd, msghdr* message, int flags);

    /// <summary>Only with MSG_DONTWAIT: it must not wait.</summary>
    [DllImport("libc"), SuppressGCTransition]
    public static extern nint sendmsg(int fd, msghdr* message, int flags);

    /// <summary>Only with MSG_DONTWAIT: it must not wait.</summary>
    [DllImport("libc"), SuppressGCTransition]
    public static extern nint send(int fd, void* buffer, nint bytes, int flags);

    /// <summary>Only with WNOHANG: it must not wait.</summary>
    [DllImport("libc"), SuppressGCTransition]
    public static extern int wait4(int pid, int* status, int options, void* usage);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int fstat(int fd, stat* status);

    // Calls back into managed code on this thread, without a transition: the callback makes only bare calls.
    [DllImport("libc"), SuppressGCTransition]
    public static extern int dl_iterate_phdr(
        delegate*<ConstantPages.ObjectInfo*, nuint, void*, int> callback, void* data);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall(nint number, nint a, nint b, nint c);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall4(nint number, nint a, nint b, nint c, nint d);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall6(nint number, nint a, nint b, nint c, nint d, nint e, nint f);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int signalfd(int fd, ulong* mask, int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nuint getauxval(nuint type);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int getrlimit(int resource, ulong* softAndHard);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int setrlimit(int resource, SavedLimits.LimitPair* limit);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int reboot(int command);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int ioctl(int fd, nuint request, nint argument);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int prctl(int option, void* argument, nint a, nint b, nint c);

    /// <summary>
    /// preadv2(2) and pwritev2(2) with RWF_NOWAIT, at the file's own position: EAGAIN instead of waiting, EOPNOTSUPP
    /// where the file knows no such flag.
    /// </summary>
    public static nint ReadAtOnce(int fd, iovec* vector) =>
        syscall6(IsArm64 ? 286 : 327, fd, (nint)vector, 1, -1, -1, RWF_NOWAIT);

    public static nint WriteAtOnce(int fd, iovec* vector) =>
        syscall6(IsArm64 ? 287 : 328, fd, (nint)vector, 1, -1, -1, RWF_NOWAIT);

    /// <summary>timer_create(2), with the kernel's struct sigevent; the C library's timers are other numbers.</summary>
    public static int CreateTimer(int clock, void* notification, int* timer) =>
        (int)syscall(IsArm64 ? 107 : 222, clock, (nint)notification, (nint)timer);

    /// <summary>timer_settime(2), relative.</summary>
    public static void SetTimer(int timer, timespec* interval) =>
        _ = syscall4(IsArm64 ? 110 : 223, timer, 0, (nint)interval, 0);

    public static int Madvise(nint address, nint bytes, int advice) =>
        (int)syscall(IsArm64 ? 233 : 28, address, bytes, advice);

    /// <summary>The first fields of struct tm, and room for all of them.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct LocalTime
    {
        public int Second;
        public int Minute;
        public int Hour;
    }
}

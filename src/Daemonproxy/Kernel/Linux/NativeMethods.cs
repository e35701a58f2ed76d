using System.Runtime.InteropServices;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The C library, as far as the seam calls it outside of handlers and children; C names, C meanings. What may wait
/// tells the runtime so; the rest has SuppressGCTransition, and costs no more than a call in C. errno is read directly
/// after a call that failed, without SetLastError: only a collection could change it on the way back, and only this
/// thread allocates. All values are the same on x64 and arm64 unless it says otherwise.
/// </summary>
internal static unsafe class NativeMethods
{
    public const int AT_PHDR = 3;
    public const int AT_PHNUM = 5;
    public const int AT_PAGESZ = 6;
    public const int AT_RANDOM = 25;
    public const int AT_EXECFN = 31;
    public const int AT_MINSIGSTKSZ = 51;

    public const int F_GETFL = 3;
    public const int F_SETFL = 4;
    public const int F_ADD_SEALS = 1033;
    public const int O_ACCMODE = 3;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_NOCTTY = 0x100;
    public const int O_TRUNC = 0x200;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;
    public const int SEEK_DATA = 3;
    public const int SEEK_HOLE = 4;

    /// <summary>Offsets of the length and the name in linux_dirent64, getdents64(2).</summary>
    public const int EntryLength = 16;
    public const int EntryName = 19;

    public const short POLLOUT = 4;
    public const short POLLNVAL = 0x20;

    public const int SA_SIGINFO = 4;
    public const int SA_ONSTACK = 0x08000000;
    public const int SA_RESTART = 0x10000000;
    public const int SA_NODEFER = 0x40000000;

    public static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    public static int O_DIRECTORY => IsArm64 ? 0x4000 : 0x10000;

    /// <summary>getdents64(2), which the C library has only since 2.30.</summary>
    public static nint ListFolder(int fd, byte* list, nint bytes) =>
        getdents64(IsArm64 ? 61 : 217, fd, list, bytes);

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern nint getdents64(nint number, nint fd, byte* list, nint bytes);

    // What may wait.
    [DllImport("libc")]
    public static extern nint read(int fd, void* buffer, nint bytes);

    [DllImport("libc")]
    public static extern nint write(int fd, void* buffer, nint bytes);

    [DllImport("libc")]
    public static extern int open(byte* path, int flags, uint mode);

    [DllImport("libc")]
    public static extern int close(int fd);

    [DllImport("libc")]
    public static extern int mkdir(byte* path, uint mode);

    [DllImport("libc")]
    public static extern int chdir(byte* path);

    [DllImport("libc")]
    public static extern byte* getcwd(byte* path, nuint bytes);

    [DllImport("libc")]
    public static extern int lstat(byte* path, byte* stat);

    [DllImport("libc")]
    public static extern int unlink(byte* path);

    [DllImport("libc")]
    public static extern int rename(byte* from, byte* to);

    [DllImport("libc")]
    public static extern int bind(int fd, byte* address, uint bytes);

    [DllImport("libc")]
    public static extern int connect(int fd, byte* address, uint bytes);

    [DllImport("libc")]
    public static extern int accept4(int fd, byte* address, uint* bytes, int flags);

    [DllImport("libc")]
    public static extern int mlockall(int flags);

    [DllImport("libc")]
    public static extern int fallocate(int fd, int mode, long offset, long bytes);

    [DllImport("libc", EntryPoint = "syscall")]
    private static extern nint waiting_syscall(nint number, nint a, nint b, nint c, nint d, nint e);

    [DllImport("libc")]
    public static extern int clone(
        delegate*<void*, int> entry, void* stack, int flags, void* argument, int* parentTid);

    // What cannot wait.
    [DllImport("libc"), SuppressGCTransition]
    public static extern int epoll_create1(int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int epoll_ctl(int epoll, int operation, int fd, void* wanted);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int eventfd(uint count, int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int poll(PollFd* fds, nuint count, int milliseconds);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int pipe2(int* fds, int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int socketpair(int domain, int type, int protocol, int* fds);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int socket(int domain, int type, int protocol);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int listen(int fd, int backlog);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint recvmsg(int fd, MessageHeader* message, int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int setsockopt(int fd, int level, int option, void* value, uint bytes);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int getsockopt(int fd, int level, int option, void* value, uint* bytes);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int fstat(int fd, byte* stat);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int kill(int pid, int signal);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int sigaction(int signal, Sigaction* action, Sigaction* previous);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int sigaltstack(SignalStack* stack, SignalStack* previous);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int memfd_create(byte* name, uint flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int ftruncate(int fd, long bytes);

    [DllImport("libc"), SuppressGCTransition]
    public static extern long lseek(int fd, long offset, int from);

    [DllImport("libc"), SuppressGCTransition]
    public static extern void* mmap(void* address, nint bytes, int protection, int flags, int fd, long offset);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int mprotect(void* address, nint bytes, int protection);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int mlock(void* address, nint bytes);

    // Calls back into managed code on this thread, without a transition: the callback makes only bare calls.
    [DllImport("libc"), SuppressGCTransition]
    public static extern int dl_iterate_phdr(
        delegate*<ProgramText.ObjectInfo*, nuint, void*, int> callback, void* data);

    [DllImport("libc", EntryPoint = "syscall"), SuppressGCTransition]
    private static extern nint syscall(nint number, nint a, nint b, nint c);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nuint getauxval(nuint type);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int getrlimit(int resource, ulong* softAndHard);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int reboot(int command);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int ioctl(int fd, nuint request, nint argument);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int prctl(int option, void* argument, nint a, nint b, nint c);

    // Both through syscall(2), so that they are one page of the C library: see ProgramText.Drop. epoll_pwait(2) is
    // there on x64 and arm64; without a mask it is epoll_wait(2).
    public static int EpollWait(int epoll, void* events, int most, int milliseconds) =>
        (int)waiting_syscall(IsArm64 ? 22 : 281, epoll, (nint)events, most, milliseconds, 0);

    public static int Madvise(nint address, nint bytes, int advice) =>
        (int)syscall(IsArm64 ? 233 : 28, address, bytes, advice);
}

/// <summary>struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Start;
    public nuint Bytes;
}

/// <summary>struct msghdr of 64-bit systems.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameBytes;
    public IoVector* Vectors;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlBytes;
    public int Flags;
}

/// <summary>struct cmsghdr of 64-bit systems; its data follow, and the next one stands at a multiple of 8.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlHeader
{
    public nuint Bytes;
    public int Level;
    public int Type;
}

/// <summary>struct sigaction of glibc, 152 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Sigaction
{
    public void* Handler;
    public fixed ulong Mask[16];
    public int Flags;
    public void* Restorer;
}

/// <summary>stack_t of glibc.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SignalStack
{
    public void* Lowest;
    public int Flags;
    public nuint Bytes;
}

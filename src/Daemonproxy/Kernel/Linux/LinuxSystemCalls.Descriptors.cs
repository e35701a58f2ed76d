using System;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>Lists descriptors, except those that this folder owns: fcntl(2), proc(5), poll(2).</summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    /// <summary>The first number that is not one of the standard three.</summary>
    public const int FirstOwn = 3;

    /// <summary>No descriptor among those asked for, but there may be further on.</summary>
    private const int NothingHere = -2;

    private readonly byte* _descriptorFolder = MappedMemory.Constant("/proc/self/fd"u8);

    public override Errno Duplicate(FdNumber fd, bool isHigh, out FdNumber duplicate)
    {
        int from = isHigh ? HelperPlan.FirstHigh : FirstOwn;
        duplicate = new FdNumber(SignalSafeCalls.fcntl(fd.Value, F_DUPFD, from));

        // With a limit below it, no number is high (EINVAL): then launches leave none behind.
        if (duplicate.IsNone && isHigh && SignalSafeCalls.LastError == Errno.EINVAL)
        {
            return Duplicate(fd, false, out duplicate);
        }

        return duplicate.IsNone ? SignalSafeCalls.LastError : Errno.None;
    }

    public override ulong RaiseOpenFiles()
    {
        SavedLimits.LimitPair limit;
        if (NativeMethods.getrlimit(RLIMIT_NOFILE, (ulong*)&limit) < 0)
        {
            return AsManyOpenFiles;
        }

        ulong before = limit.Soft;
        limit.Soft = Math.Min(limit.Hard, HighestDescriptor);
        return limit.Soft > before && NativeMethods.setrlimit(RLIMIT_NOFILE, &limit) == 0 ? before : AsManyOpenFiles;
    }

    // True if somebody has lowered our soft limit meanwhile, prlimit(2), and it is raised again.
    private bool HasRaisedOpenFiles(Errno reason) =>
        reason == Errno.EMFILE && RaiseOpenFiles() != AsManyOpenFiles;

    public override void SetServiceOpenFiles(ulong soft) => LaunchChild.OpenFiles = soft;

    public override FdNumber NextOpen(FdNumber after)
    {
        int fd = NextOpen(after.Value + 1);
        while (fd >= 0 && IsOwn(fd))
        {
            fd = NextOpen(fd + 1);
        }

        return new FdNumber(fd);
    }

    // The next open descriptor from a number on, of any owner; below 0 if there is none. Numbers are usually close
    // together; if not, reading /proc is faster than asking for many thousands. Where there is no /proc, poll(2) asks
    // for many at once. It is the last choice, since a file that does not answer may hold it up.
    private int NextOpen(int from)
    {
        const int Near = 8;
        const int Far = 1024;
        for (int fd = from; fd < from + Near; fd++)
        {
            if (fd >= _descriptorLimit)
            {
                return -1;
            }

            if (IsOpen(new FdNumber(fd)))
            {
                return fd;
            }
        }

        if (!TryNextListed(from + Near, out int next))
        {
            next = NothingHere;
            for (int first = from + Near; next == NothingHere; first += Far)
            {
                next = NextPolled(first, Far);
            }
        }

        return next;
    }

    // Among so many numbers; minus 1 when the limit comes before one is found.
    private int NextPolled(int from, int most)
    {
        pollfd* asked = stackalloc pollfd[most];
        if (from >= _descriptorLimit)
        {
            return -1;
        }

        int count = (int)Math.Min(most, _descriptorLimit - (uint)from);
        for (int at = 0; at < count; at++)
        {
            asked[at].fd = from + at;
            asked[at].events = 0;
            asked[at].revents = 0;
        }

        // Refused where the limit is lower than the number.
        bool isTold = NativeMethods.poll(asked, (nuint)count, 0) >= 0;
        for (int at = 0; at < count; at++)
        {
            if (isTold ? (asked[at].revents & POLLNVAL) == 0 : IsOpen(new FdNumber(from + at)))
            {
                return from + at;
            }
        }

        return NothingHere;
    }

    // The same from proc(5), minus 1 when there is none; false when it is not mounted, or does not know what it must.
    private bool TryNextListed(int from, out int next)
    {
        const int ListBytes = 4096;
        byte* list = stackalloc byte[ListBytes];
        int folder = open(_descriptorFolder, O_DIRECTORY | O_CLOEXEC, 0);
        bool knowsItself = false;
        next = int.MaxValue;
        nint bytes = folder < 0 ? 0 : NativeMethods.ListFolder(folder, list, ListBytes);
        while (bytes > 0)
        {
            for (byte* entry = list; entry < list + bytes; entry += *(ushort*)(entry + NativeMethods.EntryLength))
            {
                int fd = ResumeArguments.ReadNumber(entry + NativeMethods.EntryName).Value;
                knowsItself |= fd == folder;
                next = fd >= from && fd < next && fd != folder ? fd : next;
            }

            bytes = NativeMethods.ListFolder(folder, list, ListBytes);
        }

        _ = close(folder);
        next = next < _descriptorLimit ? next : -1;
        return knowsItself;
    }

    private bool IsOwn(int fd) => fd >= 0 && NextOwn(fd, int.MaxValue) == fd;

    // The lowest of the seam's own descriptors from a number on, or the other candidate if that is lower.
    private int NextOwn(int first, int candidate)
    {
        candidate = Lower(first, candidate, _program);
        candidate = Lower(first, candidate, _epoll);
        candidate = Lower(first, candidate, _wake);
        candidate = Lower(first, candidate, _supervisor);
        candidate = Lower(first, candidate, _droppedSignals);
        candidate = Lower(first, candidate, _groups);
        candidate = Lower(first, candidate, _ready);
        candidate = Lower(first, candidate, ErrorStream);
        return Lower(first, candidate, _image);
    }

    private static int Lower(int first, int candidate, FdNumber own) =>
        own.Value >= first && own.Value < candidate ? own.Value : candidate;

    // A descriptor of ours, out of the way of 0, 1 and 2 if those were closed; close-on-exec.
    public static FdNumber AboveStandard(int fd)
    {
        if (fd is < 0 or >= FirstOwn)
        {
            return new FdNumber(fd);
        }

        int moved = SignalSafeCalls.fcntl(fd, F_DUPFD_CLOEXEC, FirstOwn);
        _ = close(fd);
        return new FdNumber(moved);
    }
}

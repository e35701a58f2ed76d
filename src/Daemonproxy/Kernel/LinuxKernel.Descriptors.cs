using System;

namespace Daemonproxy.Kernels;

/// <summary>Which descriptors there are, and which of them are the seam's own: poll(2), close_range(2).</summary>
internal sealed unsafe partial class LinuxKernel
{
    private const int F_DUPFD = 0;

    /// <summary>The first number that is not one of the standard three.</summary>
    private const int FirstOwn = 3;

    public override FdNumber Duplicate(FdNumber fd) => new(Bare.fcntl(fd.Value, F_DUPFD, FirstOwn));

    public override FdNumber NextOpen(FdNumber after)
    {
        int fd = NextOpen(after.Value + 1);
        while (fd >= 0 && IsOwn(fd))
        {
            fd = NextOpen(fd + 1);
        }

        return new FdNumber(fd);
    }

    public override void CloseAllBut(ReadOnlySpan<FdNumber> kept)
    {
        int at = 0;
        int first = FirstOwn;
        while (true)
        {
            while (at < kept.Length && kept[at].Value < first)
            {
                at++;
            }

            int next = NextOwn(first, at < kept.Length ? kept[at].Value : int.MaxValue);
            if (next > first)
            {
                Bare.CloseRange((uint)first, next == int.MaxValue ? uint.MaxValue : (uint)next - 1);
            }

            if (next == int.MaxValue)
            {
                return;
            }

            first = next + 1;
        }
    }

    // The next open descriptor from a number on, whosever it is; below 0 if there is none.
    private int NextOpen(int from)
    {
        const int Most = 64;
        PollFd* asked = stackalloc PollFd[Most];
        for (int first = from; first < _descriptorLimit; first += Most)
        {
            int count = (int)Math.Min(Most, _descriptorLimit - (uint)first);
            for (int at = 0; at < count; at++)
            {
                asked[at].Fd = first + at;
                asked[at].Events = 0;
                asked[at].Happened = 0;
            }

            _ = Native.poll(asked, (nuint)count, 0);
            for (int at = 0; at < count; at++)
            {
                if ((asked[at].Happened & Native.POLLNVAL) == 0)
                {
                    return first + at;
                }
            }
        }

        return -1;
    }

    private bool IsOwn(int fd) => fd >= 0 && NextOwn(fd, int.MaxValue) == fd;

    // The lowest of the seam's own descriptors from a number on, or the other candidate if that is lower.
    private int NextOwn(int first, int candidate)
    {
        candidate = Lower(first, candidate, _program);
        candidate = Lower(first, candidate, _epoll);
        candidate = Lower(first, candidate, _wake);
        candidate = Lower(first, candidate, _ready);
        return Lower(first, candidate, _image);
    }

    private static int Lower(int first, int candidate, FdNumber own) =>
        own.Value >= first && own.Value < candidate ? own.Value : candidate;

    // A descriptor of ours, out of the way of 0, 1 and 2 if those were closed; close-on-exec.
    private static FdNumber AboveStandard(int fd)
    {
        if (fd is < 0 or >= FirstOwn)
        {
            return new FdNumber(fd);
        }

        int moved = Bare.fcntl(fd, Bare.F_DUPFD_CLOEXEC, FirstOwn);
        _ = Native.close(fd);
        return new FdNumber(moved);
    }
}

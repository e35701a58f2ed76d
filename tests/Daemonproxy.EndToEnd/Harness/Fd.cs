using System;
using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A descriptor of the test's own, closed on exec unless handed to a child on purpose.</summary>
internal sealed unsafe class Fd(int number) : IDisposable
{
    private bool _isClosed;

    public int Number => number;

    /// <summary>Both ends of a new pipe.</summary>
    public static (Fd Reader, Fd Writer) Pipe()
    {
        int* ends = stackalloc int[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
        {
            throw new InvalidOperationException($"pipe2: errno {Marshal.GetLastPInvokeError()}");
        }

        return (new Fd(ends[0]), new Fd(ends[1]));
    }

    /// <summary>Both sides of a new pseudoterminal, with its usual processing of output, pty(7).</summary>
    public static (Fd Master, Fd Terminal) Pseudoterminal()
    {
        const int TIOCSPTLCK = 0x40045431;
        const int TIOCGPTPEER = 0x5441;
        int unlocked = 0;
        fixed (byte* path = "/dev/ptmx\0"u8)
        {
            int master = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
            int terminal = ioctl(master, TIOCSPTLCK, &unlocked) < 0
                ? -1 : ioctl(master, TIOCGPTPEER, (void*)(O_RDWR | O_NOCTTY | O_CLOEXEC));
            return terminal >= 0
                ? (new Fd(master), new Fd(terminal))
                : throw new InvalidOperationException($"pty: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Bytes read, 0 at the end; what goes wrong is an end too.</summary>
    public int Read(Span<byte> into)
    {
        while (true)
        {
            fixed (byte* start = into)
            {
                long count = read(number, start, into.Length);
                if (count >= 0 || Marshal.GetLastPInvokeError() != EINTR)
                {
                    return (int)Math.Max(count, 0);
                }
            }
        }
    }

    /// <summary>Writes everything; false when nobody reads any more.</summary>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                long count = write(number, start, bytes.Length);
                if (count < 0 && Marshal.GetLastPInvokeError() != EINTR)
                {
                    return false;
                }

                bytes = bytes[(int)Math.Max(count, 0)..];
            }
        }

        return true;
    }

    /// <summary>Writes to a socket what it takes without waiting; how many bytes that was.</summary>
    public int WriteSome(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            long count = send(number, start, bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL);
            return (int)Math.Max(count, 0);
        }
    }

    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _ = close(number);
        }
    }
}

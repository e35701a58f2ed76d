// Calls of helpers, which are cloned children: the conditions in SignalSafeCalls.cs hold for all of this file.
using System;
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>Files that may stop answering, as memory.</summary>
internal readonly unsafe partial struct RawPathCalls
{
    public Errno CopyToMemory(FdNumber fd, byte* room, int bytes, out FdNumber copy)
    {
        room[0] = (byte)'-';
        room[1] = 0;
        nint memory = RawCalls.Call(RawCalls.Number(319, 279), (nint)room, 0, 0, 0, 0); // memfd_create(2)
        copy = FdNumber.Of((int)memory);
        if (memory < 0)
        {
            return RawCalls.ReasonOf(memory);
        }

        nint position = Math.Max(0, Seek(fd.Value, SEEK_CUR));
        nint count;
        do
        {
            // pread64(2)
            count = RawCalls.Call(RawCalls.Number(17, 67), fd.Value, (nint)room, bytes, position, 0);
            position += count;
            count = count <= 0 ? count : WriteAll((int)memory, room, count);
        }
        while (count > 0);

        Seek((int)memory, SEEK_SET);
        if (count < 0)
        {
            RawCalls.Close((int)memory);
            copy = FdNumber.None;
        }

        return RawCalls.ReasonOf(count);
    }

    // lseek(2) to the start, or to where it is.
    private static nint Seek(int fd, int whence) => RawCalls.Call(RawCalls.Number(8, 62), fd, 0, whence, 0, 0);

    // How many bytes; the negative errno when memory takes no more.
    private static nint WriteAll(int fd, byte* bytes, nint count)
    {
        int done = 0;
        while (done < count)
        {
            Errno reason = default(RawPathCalls).Write(FdNumber.Of(fd), bytes + done, (int)count - done, ref done);
            if (reason != Errno.None)
            {
                return -(int)reason;
            }
        }

        return count;
    }
}

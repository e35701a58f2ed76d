using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The files of a program that is checked for an upgrade: a copy of the image, a file for the table of
/// descriptors, the pipe of its answer, and /dev/null where there is one. All are close-on-exec and above 2.
/// </summary>
/// <param name="Image">The copy; the image itself where RLIMIT_FSIZE allows no file.</param>
/// <param name="Table">Where the table is written.</param>
/// <param name="Input">Where it is read: the same file, or the other end of a pipe where no file is allowed.</param>
/// <param name="Answer">The end of a pipe.</param>
/// <param name="Null">/dev/null, or none.</param>
internal readonly unsafe record struct CheckFiles(
    FdNumber Image, FdNumber Table, FdNumber Input, FdNumber Answer, FdNumber Null)
{
    private const uint MFD_CLOEXEC = 1;
    private const int F_SETPIPE_SZ = 1031;

    // 1 MiB, as much as every user is allowed: pipe(7).
    public const int PipeBytes = 1 << 20;

    /// <summary>Opens them, and the end of the pipe that is read, nonblocking.</summary>
    public static Errno TryOpen(FdNumber image, out CheckFiles files, out FdNumber source)
    {
        source = FdNumber.None;
        FdNumber answer = FdNumber.None;
        FdNumber copy = FdNumber.None;
        Errno reason = TryMake(out FdNumber table);
        FdNumber input = table;
        reason = reason == Errno.None ? TryMake(out copy) : reason;
        reason = reason == Errno.None ? Copy(image.Value, copy.Value) : reason;
        if (reason == Errno.EFBIG)
        {
            CloseIfOpen(table);
            CloseIfOpen(copy);
            reason = LinuxSystemCalls.ReadyPipe(out input, out table);
            _ = SignalSafeCalls.fcntl(table.Value, F_SETFL, O_NONBLOCK);
            _ = SignalSafeCalls.fcntl(table.Value, F_SETPIPE_SZ, PipeBytes);
            copy = new FdNumber(SignalSafeCalls.fcntl(image.Value, F_DUPFD_CLOEXEC, LinuxSystemCalls.FirstOwn));
            reason = reason == Errno.None && copy.IsNone ? SignalSafeCalls.LastError : reason;
        }

        reason = reason == Errno.None ? LinuxSystemCalls.ReadyPipe(out source, out answer) : reason;
        if (reason == Errno.None && SignalSafeCalls.fcntl(source.Value, F_SETFL, O_NONBLOCK) < 0)
        {
            reason = SignalSafeCalls.LastError;
        }

        FdNumber nothing = LinuxSystemCalls.AboveStandard(
            open(MappedMemory.Constant("/dev/null"u8), O_RDWR | O_CLOEXEC, 0));
        files = new CheckFiles(copy, table, input, answer, nothing);
        return reason;
    }

    /// <summary>True if all have numbers below this one.</summary>
    public bool AreBelow(int end) =>
        Image.Value < end && Table.Value < end && Input.Value < end && Answer.Value < end && Null.Value < end;

    /// <summary>Closes them. The end of the pipe that is read is the caller's.</summary>
    public void Close()
    {
        CloseIfOpen(Image);
        CloseIfOpen(Table);
        CloseIfOpen(Input == Table ? FdNumber.None : Input);
        CloseIfOpen(Answer);
        CloseIfOpen(Null);
    }

    /// <summary>Empty: the compiler's version would bring reflection into the binary.</summary>
    public override string ToString() => string.Empty;

    private static void CloseIfOpen(FdNumber fd) => _ = fd.IsNone ? 0 : close(fd.Value);

    // A file in memory.
    private static Errno TryMake(out FdNumber fd)
    {
        fd = LinuxSystemCalls.AboveStandard(
            memfd_create(MappedMemory.Constant("daemonproxy-check"u8), (int)MFD_CLOEXEC));
        return fd.IsNone ? SignalSafeCalls.LastError : Errno.None;
    }

    // The size, and the pages that are there: lseek(2), SEEK_DATA.
    private static Errno Copy(int image, int copy)
    {
        stat status;
        if (NativeMethods.fstat(image, &status) < 0 || ftruncate(copy, (long)status.st_size) < 0)
        {
            return SignalSafeCalls.LastError;
        }

        long at = lseek(image, 0, NativeMethods.SEEK_DATA);
        while (at >= 0)
        {
            long end = lseek(image, at, NativeMethods.SEEK_HOLE);
            _ = lseek(copy, at, NativeMethods.SEEK_SET);
            while (at < end)
            {
                // It moves the place in the image by itself.
                if (NativeMethods.sendfile(copy, image, &at, (nint)(end - at)) <= 0)
                {
                    return SignalSafeCalls.LastError;
                }
            }

            at = lseek(image, end, NativeMethods.SEEK_DATA);
        }

        return Errno.None;
    }
}

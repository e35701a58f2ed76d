using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Jobs.Kernel;

/// <summary>
/// The system calls for which .NET has no API: open(2) with O_NOFOLLOW and O_EXCL, memfd_create(2),
/// fdatasync(2); and reading a file of proc(5) that may be gone, without exceptions.
/// </summary>
/// <remarks>
/// Conditions. The pointers given to the kernel are to arrays that are pinned for the call, and end in a NUL. Every
/// descriptor is opened with O_CLOEXEC, so that no program that another thread starts inherits it, and becomes a
/// SafeFileHandle before anything else can throw. Directories belong to this user and have mode 0700: no other user can
/// put a link or another file in the place of one of ours. O_NOFOLLOW and the checks still protect if the mode was
/// relaxed.
/// </remarks>
internal static unsafe class KernelFiles
{
    // S_IFMT and S_IFREG of inode(7).
    private const int FormatMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int MostText = 4096;

    /// <summary>
    /// Creates a directory that only this user can enter, and its parents; an existing one is checked.
    /// </summary>
    /// <exception cref="IOException">It is a link, belongs to another user, or others can write to it.</exception>
    public static void MakeDirectory(string path)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, owner);
        using SafeFileHandle handle = Open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
        stat facts = FactsOf(handle, path);
        if (facts.st_uid != geteuid())
        {
            throw new IOException($"{path} belongs to another user.");
        }

        if (((int)facts.st_mode & 0x3F) != 0)
        {
            File.SetUnixFileMode(handle, owner);
        }
    }

    /// <summary>Creates a file for the output of a job; an existing file is an error.</summary>
    public static SafeFileHandle CreateAppended(string path) =>
        Open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0x180);

    /// <summary>Makes a file and opens it for writing.</summary>
    public static SafeFileHandle Create(string path) =>
        Open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0x180);

    /// <summary>Opens the file of an earlier try again.</summary>
    /// <exception cref="IOException">It is not a file of ours.</exception>
    public static SafeFileHandle OpenAppended(string path)
    {
        SafeFileHandle handle = Open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0);
        CheckOwn(handle, path);
        return handle;
    }

    /// <summary>Opens a file of ours for reading.</summary>
    public static SafeFileHandle OpenRead(string path)
    {
        SafeFileHandle handle = Open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
        CheckOwn(handle, path);
        return handle;
    }

    /// <summary>The beginning of a file of proc(5), up to 4,096 bytes; null if it is gone.</summary>
    public static string? ReadText(string path)
    {
        int descriptor;
        fixed (byte* text = Terminated(path))
        {
            descriptor = open(text, O_RDONLY | O_CLOEXEC, 0);
        }

        if (descriptor < 0)
        {
            return null;
        }

        using SafeFileHandle handle = Own(descriptor, path);
        byte* bytes = stackalloc byte[MostText];
        long count = read(descriptor, bytes, MostText);
        return count < 0 ? null : Encoding.UTF8.GetString(bytes, (int)count);
    }

    /// <summary>Opens a file of ours, to sync it.</summary>
    /// <exception cref="IOException">It is not there, or not a file of ours.</exception>
    public static SafeFileHandle OpenOwn(string path)
    {
        SafeFileHandle handle = Open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
        CheckOwn(handle, path);
        return handle;
    }

    /// <summary>Waits until the written data of a file are on the disk, fdatasync(2).</summary>
    /// <exception cref="IOException">The data may not be on the disk.</exception>
    public static void SyncData(SafeFileHandle handle)
    {
        if (fdatasync((int)handle.DangerousGetHandle()) != 0)
        {
            throw Failure("The records of jobs");
        }
    }

    /// <summary>Makes memory with these bytes, as a descriptor whose offset is the beginning.</summary>
    public static SafeFileHandle CreateMemory(string name, ReadOnlySpan<byte> bytes)
    {
        SafeFileHandle handle;
        fixed (byte* text = Terminated(name))
        {
            handle = Own(memfd_create(text, MFD_CLOEXEC), name);
        }

        try
        {
            // pwrite(2): the offset stays at the beginning, where the reader starts.
            RandomAccess.Write(handle, bytes, 0);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static SafeFileHandle Open(string path, int flags, int mode)
    {
        fixed (byte* text = Terminated(path))
        {
            int descriptor;
            do
            {
                descriptor = open(text, flags | O_CLOEXEC, (mode_t)(uint)mode);
            }
            while (descriptor < 0 && Marshal.GetLastPInvokeError() == EINTR);
            return Own(descriptor, path);
        }
    }

    private static void CheckOwn(SafeFileHandle handle, string path)
    {
        try
        {
            stat facts = FactsOf(handle, path);
            if (((int)facts.st_mode & FormatMask) != RegularFile || facts.st_uid != geteuid())
            {
                throw new IOException($"{path} is not a file that this application made.");
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static stat FactsOf(SafeFileHandle handle, string path)
    {
        stat facts;
        return fstat((int)handle.DangerousGetHandle(), &facts) == 0 ? facts : throw Failure(path);
    }

    private static SafeFileHandle Own(int descriptor, string path) =>
        descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Failure(path);

    // The number of errno(3) goes into HResult, as .NET does it.
    private static IOException Failure(string path)
    {
        int errno = Marshal.GetLastPInvokeError();
        string text = $"{path}: {Marshal.GetPInvokeErrorMessage(errno)}.";
        return errno switch
        {
            _ when errno == ENOENT => new FileNotFoundException(text, path),
            _ => new IOException(text, errno),
        };
    }

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}

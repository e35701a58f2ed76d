using System;
using System.Buffers;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Import.Model;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Import.Reading;

/// <summary>A text file, read as a whole. A byte order mark and CR before line ends are left out.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>Longer files are not definitions of services.</summary>
    private const int MostBytes = 4 * 1024 * 1024;

    private const int ENOENT = 2;
    private const int EACCES = 13;
    private const int ENOTDIR = 20;

    public string[] Lines => Text.Split('\n');

    public SourcePlace At(int line) => new(Path, line);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ImportException">It cannot be read, or is not a text.</exception>
    public static SourceFile Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        ReadOnlySpan<byte> rest = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes;
        Check(path, rest);
        return new SourceFile(
            path, Encoding.UTF8.GetString(rest).Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    private static byte[] ReadBytes(string path)
    {
        switch (FileKinds.Of(path))
        {
            case FileKind.Missing:
                throw new ImportException(path, "No such file or directory");
            case FileKind.Directory:
                throw new ImportException(path, "it is a directory");
            case FileKind.Other:
                throw new ImportException(path, "it is not a regular file");
        }

        using SafeFileHandle handle = Open(path);
        try
        {
            byte[] buffer = new byte[MostBytes + 1];
            int count = 0;
            while (count < buffer.Length)
            {
                int read = RandomAccess.Read(handle, buffer.AsSpan(count), count);
                if (read == 0)
                {
                    return buffer[..count];
                }

                count += read;
            }
        }
        catch (IOException problem)
        {
            throw new ImportException(path, problem.Message.TrimEnd('.'));
        }

        throw new ImportException(path, "it is longer than 4 MiB");
    }

    // The path may have become a fifo meanwhile, on which open must not wait.
    private static unsafe SafeFileHandle Open(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        const int flags = NativeMethods.O_RDONLY | NativeMethods.O_NONBLOCK | NativeMethods.O_CLOEXEC
            | NativeMethods.O_NOCTTY;
        int descriptor;
        fixed (byte* start = name)
        {
            descriptor = NativeMethods.open(start, flags, 0);
        }

        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new ImportException(path, Marshal.GetLastSystemError() switch
            {
                EACCES => "Permission denied",
                ENOENT or ENOTDIR => "No such file or directory",
                int errno => $"cannot be opened: error {errno}",
            });
    }

    private static void Check(string path, ReadOnlySpan<byte> bytes)
    {
        int line = 1;
        int column = 1;
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int count) != OperationStatus.Done)
            {
                throw new ImportException(path, line, column, "it is not UTF-8");
            }

            if (rune.Value == 0)
            {
                throw new ImportException(path, line, column, "a NUL: it is not a text");
            }

            column++;
            if (rune.Value == '\n')
            {
                line++;
                column = 1;
            }

            bytes = bytes[count..];
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>The last lines of files.</summary>
internal static class FileTail
{
    /// <summary>The most bytes that are read from the end of a file.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>
    /// The last lines, in visible form; null, with a reason, if the file cannot be read or is not text.
    /// </summary>
    public static List<string>? Read(string path, int count, out string reason)
    {
        reason = "";
        try
        {
            return LinesOf(ReadEnd(path), count);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = problem is UnauthorizedAccessException ? "cannot be read" : "is not there";
            return null;
        }
        catch (InvalidDataException)
        {
            reason = "is not text";
            return null;
        }
    }

    /// <summary>The end of a file: at most <see cref="MostBytes"/>, from the beginning of a line.</summary>
    public static byte[] ReadEnd(string path)
    {
        using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        long start = Math.Max(0, file.Length - MostBytes);
        file.Seek(start, SeekOrigin.Begin);
        byte[] bytes = new byte[file.Length - start];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        int begin = start == 0 ? 0 : Array.IndexOf(bytes, (byte)'\n') + 1;
        return bytes[begin..length];
    }

    private static List<string>? LinesOf(ReadOnlySpan<byte> bytes, int count)
    {
        List<string> lines = [];
        if (bytes.Length > 0 && bytes[^1] == '\n')
        {
            bytes = bytes[..^1];
        }

        while (lines.Count < count && !bytes.IsEmpty)
        {
            int feed = bytes.LastIndexOf((byte)'\n');
            ReadOnlySpan<byte> line = bytes[(feed + 1)..];
            if (line.Contains((byte)0))
            {
                throw new InvalidDataException();
            }

            lines.Add(VisibleText.Of(line));
            bytes = feed < 0 ? default : bytes[..feed];
        }

        lines.Reverse();
        return lines;
    }
}

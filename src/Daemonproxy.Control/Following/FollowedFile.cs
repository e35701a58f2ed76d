using System;
using System.Collections.Generic;
using System.IO;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Following;

/// <summary>
/// Shows the end of a file, and the lines that are added, also after the file was renamed and made anew. At a terminal
/// control bytes are shown as <c>\x1b</c>; elsewhere bytes pass as they are.
/// </summary>
internal sealed class FollowedFile(string path, string prefix, Output output)
{
    private const int MostBytes = 256 * 1024;

    private long _position;
    private ulong _inode;
    private byte[] _begun = [];

    public string Path => path;

    /// <summary>Writes the last lines; false, with a reason, if the file cannot be read.</summary>
    public bool WriteEnd(int count, out string reason)
    {
        reason = "";
        try
        {
            _inode = FileFacts.Of(path)?.Inode ?? 0;
            byte[] end = FileTail.ReadEnd(path);
            _position = new FileInfo(path).Length;
            List<Range> lines = LinesOf(end, out int rest);
            _begun = end[rest..];
            foreach (Range line in lines.GetRange(Math.Max(0, lines.Count - count), Math.Min(lines.Count, count)))
            {
                Write(end.AsSpan()[line]);
            }

            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            reason = problem is UnauthorizedAccessException ? "cannot be read" : "is not there";
            return false;
        }
    }

    /// <summary>Writes the lines that were added.</summary>
    public void WriteNew()
    {
        try
        {
            ulong inode = FileFacts.Of(path)?.Inode ?? 0;
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
            if (inode != _inode || file.Length < _position)
            {
                _inode = inode;
                _position = 0;
                _begun = [];
            }

            while (file.Length > _position)
            {
                file.Seek(_position, SeekOrigin.Begin);
                byte[] bytes = new byte[Math.Min(MostBytes, file.Length - _position)];
                int count = file.Read(bytes);
                _position += count;
                Add([.. _begun, .. bytes.AsSpan(0, count)]);
                if (count == 0)
                {
                    return;
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The file may be made anew later.
        }
    }

    private void Add(byte[] bytes)
    {
        List<Range> lines = LinesOf(bytes, out int rest);
        foreach (Range line in lines)
        {
            Write(bytes.AsSpan()[line]);
        }

        _begun = bytes.Length - rest < MostBytes ? bytes[rest..] : [];
    }

    private static List<Range> LinesOf(ReadOnlySpan<byte> bytes, out int rest)
    {
        List<Range> lines = [];
        rest = 0;
        int feed;
        while ((feed = bytes[rest..].IndexOf((byte)'\n')) >= 0)
        {
            lines.Add(rest..(rest + feed));
            rest += feed + 1;
        }

        return lines;
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        output.Write(prefix);
        if (output.IsTerminal)
        {
            output.Write(VisibleText.Of(line));
        }
        else
        {
            output.WriteBytes(line);
        }

        output.WriteLine();
    }
}

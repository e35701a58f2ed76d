using System;
using System.Text;
using Daemonproxy.Kernel;

namespace Daemonproxy.Tests.Simulation;

/// <summary>A node of the simulated filesystem, at a path.</summary>
internal enum SimNodeKind
{
    File,
    Directory,
    Null,
    Full,
    Socket,
    Terminal,
}

/// <summary>
/// A file, directory or device; a file that can be executed has a script of what its process will do.
/// </summary>
internal sealed class SimNode(string path, SimNodeKind kind, ulong inode)
{
    private byte[] _bytes = [];

    public SimNodeKind Kind => kind;

    /// <summary>Where it is, without what the working directory is.</summary>
    public string Path { get; set; } = path;

    public ulong Inode { get; set; } = inode;

    /// <summary>The socket that was bound here, listening or not, open or not.</summary>
    public SimSocket? Socket { get; set; }

    public int Length { get; set; }

    /// <summary>The number of attempts to write to it.</summary>
    public int Attempts { get; set; }

    /// <summary>Opening and executing it fails with EACCES, and so does all that is in it.</summary>
    public bool IsForbidden { get; set; }

    /// <summary>Opening it, or what is in it, takes so many nanoseconds; below 0: it does not return.</summary>
    public long AnswersAfter { get; set; }

    /// <summary>SIGKILL does not end who waits for it: state D.</summary>
    public bool IsStuck { get; set; }

    /// <summary>True if it is a file of a file system that may stop answering.</summary>
    public bool IsRemote { get; set; }

    /// <summary>Its permissions, if somebody has set them.</summary>
    public uint? Permissions { get; set; }

    /// <summary>Whose it is, if somebody has given it away.</summary>
    public FileOwner? Owner { get; set; }

    /// <summary>The effect of executing it; null when it cannot be executed.</summary>
    public SimProgram? Program { get; set; }

    public ReadOnlySpan<byte> Contents => _bytes.AsSpan(0, Length);

    public string Text
    {
        get => Encoding.Latin1.GetString(Contents);
        set
        {
            _bytes = Encoding.Latin1.GetBytes(value);
            Length = _bytes.Length;
        }
    }

    public void WriteAt(int offset, ReadOnlySpan<byte> bytes)
    {
        if (offset + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(256, 2 * (offset + bytes.Length)));
        }

        bytes.CopyTo(_bytes.AsSpan(offset));
        Length = Math.Max(Length, offset + bytes.Length);
    }
}

/// <summary>The behaviour of a process by itself.</summary>
internal sealed class SimProgram
{
    /// <summary>It ends so many nanoseconds after its start; below 0: not by itself.</summary>
    public long EndsAfter { get; set; } = -1;

    /// <summary>execve(2) takes so many nanoseconds; below 0: it does not return.</summary>
    public long LoadsFor { get; set; }

    /// <summary>While it is executed, SIGKILL waits, too: state D.</summary>
    public bool IsStuck { get; set; }

    public EndReason Reason { get; set; } = EndReason.Exited;

    public int Value { get; set; }

    /// <summary>Signals that it ignores, a bit for each number.</summary>
    public ulong Ignored { get; set; }

    /// <summary>Its immediate answer to the question whether it can take the daemon's place; null for none.</summary>
    public string? Says { get; set; }
}

using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;

namespace Daemonproxy.Descriptors;

/// <summary>
/// The file of a bound unix socket, as it was made: the daemon must not remove another file at its path. Part of the
/// image's layout.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SocketFile
{
    private FdIdentity _identity;
    private InlinePath _path;

    /// <summary>
    /// The file at a path of at most <see cref="SocketAddress.LongestPath"/> bytes. With the working directory before
    /// it, the path leads to the same place after that has changed; it is left as it is if it would be too long.
    /// </summary>
    public SocketFile(ReadOnlySpan<byte> directory, ReadOnlySpan<byte> path, in FdIdentity identity)
    {
        _identity = identity;
        int length = directory.Length + 1 + path.Length;
        if (directory.IsEmpty || length > SocketAddress.LongestPath)
        {
            path.CopyTo(_path);
            return;
        }

        Span<byte> whole = _path;
        directory.CopyTo(whole);
        whole[directory.Length] = (byte)'/';
        path.CopyTo(whole[(directory.Length + 1)..]);
    }

    /// <summary>True if there is no such file.</summary>
    public readonly bool IsNone => _path[0] == 0;

    /// <summary>The path, from the root if that was known and short enough.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Path
    {
        get
        {
            ReadOnlySpan<byte> bytes = _path;
            int end = bytes.IndexOf((byte)0);
            return end < 0 ? bytes : bytes[..end];
        }
    }

    /// <summary>True if this is the file, lstat(2).</summary>
    public readonly bool IsSame(in FdIdentity file) => !IsNone && _identity.IsSameFile(file);

    /// <summary>Asks a helper's plan to remove the file, or to put another one in its place.</summary>
    public readonly void Plan(ref HelperPlan plan)
    {
        if (SocketAddress.TryUnix(Path, out plan.Old))
        {
            plan.OldFile = _identity;
        }
    }

    // Ended by a NUL unless it is full.
    [InlineArray(SocketAddress.LongestPath + 1)]
    private struct InlinePath
    {
        private byte _first;
    }
}

using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The filesystem: a dictionary of paths.</summary>
internal sealed unsafe partial class SimKernel
{
    private const int LongestPath = 4095;
    private const int LongestName = 255;
    private readonly Dictionary<string, SimNode> _nodes = new(StringComparer.Ordinal);

    public SimKernel()
    {
        AddNode("/dev/null", SimNodeKind.Null);
        AddNode("/dev/full", SimNodeKind.Full);
        AddNode("/bin", SimNodeKind.Directory);
        AddNode("/usr/bin", SimNodeKind.Directory);
        AddNode("/tmp", SimNodeKind.Directory);
    }

    /// <summary>The node at a path; null when there is none.</summary>
    public SimNode? NodeAt(string path) => _nodes.GetValueOrDefault(path);

    /// <summary>Makes a file, directory or device, and the directories on the way to it.</summary>
    public SimNode AddNode(string path, SimNodeKind kind)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            _nodes.TryAdd(path[..slash], new SimNode(path[..slash], SimNodeKind.Directory, ++_lastInode));
        }

        SimNode node = new(path, kind, ++_lastInode);
        _nodes[path] = node;
        return node;
    }

    /// <summary>
    /// A file that can be executed; its process runs until it is told to end, unless its script says when.
    /// </summary>
    public SimProgram AddProgram(string path)
    {
        SimProgram program = new();
        AddNode(path, SimNodeKind.File).Program = program;
        return program;
    }

    public void RemoveNode(string path) => _nodes.Remove(path);

    /// <summary>An opened file that nobody holds yet.</summary>
    // What a device node without a name leads to.
    private readonly SimNode _unnamedNull = new("/dev/null (unlinked)", SimNodeKind.Null, 1);

    public SimRegular OpenNode(SimNode node, OpenMode mode)
    {
        SimRegular file = _spareFiles.Count > 0 ? _spareFiles.Pop() : new SimRegular();
        file.Open(node, mode);
        return file;
    }

    public override Errno OpenNewNullDevice(out FdNumber fd)
    {
        fd = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.OpenNewNullDevice, 1);
        if (reason == Errno.None)
        {
            fd = PutLowest(OpenNode(_unnamedNull, OpenMode.Read | OpenMode.Write));
        }

        return reason;
    }

    public override Errno Open(ReadOnlySpan<byte> path, OpenMode mode, out FdNumber fd)
    {
        fd = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.Open, 1);
        if (reason != Errno.None)
        {
            return reason;
        }

        reason = Find(path[..^1], out SimNode? node);
        bool creates = (mode & OpenMode.Create) != 0;
        if (reason == Errno.ENOENT && creates && FindParent(path[..^1]) == Errno.None)
        {
            node = AddNode(PathOf(path[..^1]), SimNodeKind.File);
            reason = Errno.None;
        }

        if (reason == Errno.None && node!.Kind == SimNodeKind.Directory && (mode & OpenMode.Write) != 0)
        {
            reason = Errno.EISDIR;
        }

        if (reason == Errno.None && (node!.IsForbidden || node.Kind == SimNodeKind.Socket))
        {
            reason = node.IsForbidden ? Errno.EACCES : Errno.ENXIO;
        }

        if (reason == Errno.None)
        {
            fd = PutLowest(OpenNode(node!, mode));
        }

        return reason;
    }

    private Errno MakeDirectory(ReadOnlySpan<byte> path)
    {
        Errno reason = Faults.Enter(SimCall.MakeDirectory);
        if (reason != Errno.None)
        {
            return reason;
        }

        reason = Find(path[..^1], out SimNode? _);
        if (reason != Errno.ENOENT)
        {
            return reason == Errno.None ? Errno.EEXIST : reason;
        }

        reason = FindParent(path[..^1]);
        if (reason == Errno.None)
        {
            AddNode(PathOf(path[..^1]), SimNodeKind.Directory);
        }

        return reason;
    }

    // A relative path begins in the working directory, once there is one.
    private string PathOf(ReadOnlySpan<byte> path) =>
        (IsRelative(path) ? WorkingDirectory + "/" : string.Empty) + Encoding.Latin1.GetString(path);

    private bool IsRelative(ReadOnlySpan<byte> path) =>
        WorkingDirectory.Length > 0 && !path.IsEmpty && path[0] != '/';

    private Errno FindParent(ReadOnlySpan<byte> path)
    {
        int slash = path.LastIndexOf((byte)'/');
        if (slash <= 0)
        {
            return path.IsEmpty ? Errno.ENOENT : Errno.None;
        }

        Errno reason = Find(path[..slash], out SimNode? parent);
        return reason != Errno.None ? reason : parent!.Kind == SimNodeKind.Directory ? Errno.None : Errno.ENOTDIR;
    }

    private Errno Find(ReadOnlySpan<byte> path, out SimNode? node)
    {
        node = null;
        Span<char> text = stackalloc char[(2 * LongestPath) + 2];
        if (path.Length > LongestPath || path.Length - path.LastIndexOf((byte)'/') - 1 > LongestName)
        {
            return Errno.ENAMETOOLONG;
        }

        int length = 0;
        if (IsRelative(path))
        {
            WorkingDirectory.CopyTo(text);
            length = WorkingDirectory.Length;
            text[length++] = '/';
        }

        length += Encoding.Latin1.GetChars(path, text[length..]);
        Dictionary<string, SimNode>.AlternateLookup<ReadOnlySpan<char>> lookup =
            _nodes.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int slash = 1; slash < length; slash++)
        {
            SimNode? parent = null;
            bool isThere = text[slash] == '/' && lookup.TryGetValue(text[..slash], out parent);
            if (isThere && (parent!.Kind != SimNodeKind.Directory || parent.IsForbidden))
            {
                return parent.Kind == SimNodeKind.Directory ? Errno.EACCES : Errno.ENOTDIR;
            }
        }

        return lookup.TryGetValue(text[..length], out node) ? Errno.None : Errno.ENOENT;
    }
}

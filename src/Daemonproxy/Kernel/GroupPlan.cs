using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The group of control groups, cgroups(7), that a helper makes for one run of a service.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GroupPlan
{
    /// <summary>Room for the paths and the lines that the helper works with, a quarter for each.</summary>
    public const int RoomBytes = 4 * PathBytes;

    /// <summary>PATH_MAX.</summary>
    public const int PathBytes = 4096;

    /// <summary>The name of the group is that of the service, a dot, and this number or one behind it.</summary>
    public FixedName Service;
    public long Number;

    /// <summary>The process that moves into a leaf, which is the daemon.</summary>
    public Pid DaemonPid;

    /// <summary>
    /// True if the daemon may be in its leaf already, the group <c>daemonproxy</c> below its own one; in the answer,
    /// true if it is.
    /// </summary>
    public bool HasLeaf;

    /// <summary>
    /// The path, and behind it the words <c>FILE=VALUE</c>: a NUL behind each, and an empty one at the end.
    /// </summary>
    public byte* Words;

    /// <summary>
    /// Room for the helper, <see cref="RoomBytes"/>. At its beginning is, ended by NUL, the path of the group that was
    /// made, or what the task failed on.
    /// </summary>
    public byte* Room;

    /// <summary>The path of the group that was made, or what the task failed on.</summary>
    public readonly ReadOnlySpan<byte> Result => MemoryMarshal.CreateReadOnlySpanFromNullTerminated(Room);
}

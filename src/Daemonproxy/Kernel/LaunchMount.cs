using System.Runtime.InteropServices;

namespace Daemonproxy.Kernel;

/// <summary>The effects of words of <c>service.mounts</c> at a path.</summary>
internal enum MountKind
{
    None,

    /// <summary>Another place is seen there, bind mounts of mount(2).</summary>
    Bind,

    /// <summary>An empty directory in memory, tmpfs(5).</summary>
    Empty,

    /// <summary>An empty, unreadable directory or file.</summary>
    Hidden,

    /// <summary>A directory with a few devices.</summary>
    Devices,

    /// <summary>Read-only.</summary>
    ReadOnly,

    /// <summary>Writable, whatever another word sets for a parent directory.</summary>
    ReadWrite,
}

/// <summary>A mount of the namespace of a service, in memory that does not move.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LaunchMount
{
    public MountKind Kind;

    /// <summary>True if nothing is done where a path is missing.</summary>
    public bool MayBeMissing;

    /// <summary>True if it is left out, as a path is missing; the child sets it.</summary>
    public bool IsLeftOut;

    /// <summary>The place.</summary>
    public byte* Path;

    /// <summary>For <see cref="MountKind.Bind"/>: the source.</summary>
    public byte* From;

    /// <summary>The word as it was given, for the report.</summary>
    public byte* Text;
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>The regions of the image. The numbers are part of the layout: only append.</summary>
internal enum RegionId
{
    None,
    Settings,
    Counters,
    Signals,
    Log,
    Connections,
    Inboxes,
    Outboxes,
    Services,
    ServiceText,
    Fds,
    FdText,
    ControlSocket,
    Upgrade,
    Launches,
    Helpers,
    NotifySockets,
    NotifyMessage,
    Accesses,
    NamedSockets,
}

/// <summary>The place of a region. Fields are only ever appended.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegionEntry
{
    /// <summary>In bytes from the start of the image; a multiple of the page size.</summary>
    public long Offset;
    public int ElementBytes;
    public int Count;
}

/// <summary>Room for the entry of every region there is, and for more.</summary>
[InlineArray(Capacity)]
internal struct RegionDirectory
{
    public const int Capacity = 24;
    private RegionEntry _first;
}

/// <summary>
/// The first page of the image. Fields are only ever appended: the next release reads what this one wrote.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImageHeader
{
    /// <summary>Says that this is an image, and in which byte order.</summary>
    public const ulong ExpectedMagic = 0x0A31_7978_6F72_7044;

    /// <summary>The layout of the first release, 0.1.</summary>
    public const int FirstLayout = 1;

    /// <summary>The first layout in which the texts of a block have tags.</summary>
    public const int TaggedTexts = 2;

    /// <summary>Raised when a change cannot be expressed by appending.</summary>
    public const int CurrentLayout = 2;

    /// <summary>The size of the header of the first release; later ones are longer.</summary>
    public const int FirstBytes = 664;

    public ulong Magic;
    public int Layout;
    public int HeaderBytes;
    public long TotalBytes;
    public RegionDirectory Regions;

    /// <summary>The record being changed, as region and index + 1 in one word; 0 is none.</summary>
    public long Changing;

    public WorkNote Work;
    public CrashNote Crash;

    /// <summary>A child that was reaped and not announced yet.</summary>
    public ReapedChild Reaped;

    /// <summary>
    /// While this program is replaced on purpose: the number of crashes so far, + 1. A crash in between increases the
    /// count, and so is distinguished.
    /// </summary>
    public int Replacing;

    /// <summary>The point and the kind of a requested crash: both in the numbers of the spec, + 1; 0 is none.</summary>
    public int CrashPoint;
    public int CrashKind;

    /// <summary>A connection taken from the control socket that has no record yet; none, or 0, without one.</summary>
    public FdNumber Accepted;

    /// <summary>Announced signals whose triggers were not checked yet: a bit for each.</summary>
    public ulong Arrived;

    /// <summary>
    /// The record that was being changed when the daemon crashed, as in <see cref="Changing"/>, until it was checked.
    /// </summary>
    public long Suspect;

    /// <summary>Returns whether the fixed part of the image, up to the regions, is unchanged.</summary>
    public ulong Checksum;

    /// <summary>The limits that were raised to execute this program, until they are as before.</summary>
    public SavedLimits SavedLimits;

    /// <summary>
    /// The access of the connection in <see cref="Accepted"/>, as the image numbers it; 0 is everything.
    /// </summary>
    public byte AcceptedAccess;
}

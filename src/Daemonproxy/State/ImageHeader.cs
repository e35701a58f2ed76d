using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>What the regions of the image hold. The numbers are part of the layout: only append.</summary>
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

/// <summary>Where a region is. Fields are only ever appended.</summary>
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

/// <summary>The steps of a turn, in their order, as the image notes them.</summary>
internal enum TurnStep
{
    Starting,
    Waiting,
    Signals,
    Reaping,
    Accepting,
    Reading,
    Commands,
    Launching,

    // The number 8 was never noted: dumps are continued in the step of commands.
    Flushing = 9,
    Logging,
    Ending,
}

/// <summary>What is being done, noted before it is done, so that the next process image does not do it again.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkNote
{
    public TurnStep Step;

    /// <summary>The controller whose line is being run, or -1.</summary>
    public int Connection;

    /// <summary>The line, as offset and length in the controller's inbox, LF not included.</summary>
    public int LineOffset;
    public int LineLength;

    /// <summary>The service being launched or reaped, or -1.</summary>
    public int Service;
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

    /// <summary>A child taken from the kernel and not yet told to anybody.</summary>
    public ReapedChild Reaped;

    /// <summary>
    /// While this program is replaced on purpose: the number of crashes so far, + 1. A crash on the way counts itself,
    /// and so is told apart.
    /// </summary>
    public int Replacing;

    /// <summary>Where the daemon is to crash, and how: both as the spec numbers them, + 1; 0 is nowhere.</summary>
    public int CrashPoint;
    public int CrashKind;

    /// <summary>A connection taken from the control socket that has no record yet; none, or 0, without one.</summary>
    public FdNumber Accepted;

    /// <summary>Signals that are noted as told, and whose triggers were not looked at yet: a bit for each.</summary>
    public ulong Arrived;

    /// <summary>
    /// The record that was being changed when the daemon crashed, as in <see cref="Changing"/>, until it was checked.
    /// </summary>
    public long Suspect;

    /// <summary>Tells whether what is settled when the image is made, up to the regions, is still the same.</summary>
    public ulong Checksum;

    /// <summary>The limits that were raised to execute this program, until they are as before.</summary>
    public SavedLimits SavedLimits;

    /// <summary>
    /// The access of the connection in <see cref="Accepted"/>, as the image numbers it; 0 is everything.
    /// </summary>
    public byte AcceptedAccess;
}

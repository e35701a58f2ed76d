using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>The reason of a resumption.</summary>
internal enum ResumeReason
{
    /// <summary>The process image before this one crashed.</summary>
    Crash,

    /// <summary>It executed this program in its place, on purpose.</summary>
    Replacement,

    /// <summary>It is the parent, which made everything ready for this process in the background.</summary>
    Background,
}

/// <summary>Finds the reason in the notes of an image.</summary>
internal static class ResumeReasonFinder
{
    /// <summary>
    /// A replacement notes the number of crashes so far, + 1, before it executes the program; a crash in between
    /// increases the count, and so is distinguished.
    /// </summary>
    public static ResumeReason Of(in ImageHeader header, bool isFirst) =>
        isFirst ? ResumeReason.Background
            : header.Replacing == header.Crash.Count + 1 ? ResumeReason.Replacement
            : ResumeReason.Crash;
}

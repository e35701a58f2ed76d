using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>Closes descriptors without waiting.</summary>
internal interface IDescriptorCloser
{
    /// <summary>
    /// True if there may be a file that has no name (yet) and may stop answering: a helper is opening one, or has
    /// opened one since the start or the last resume.
    /// </summary>
    bool MayHaveSlow { get; }

    /// <summary>
    /// True if so many descriptors wait for a helper that whoever sends more than are taken has to wait.
    /// </summary>
    bool HasMuchToClose { get; }

    /// <summary>Closes at once what cannot wait, and lets a helper close all else.</summary>
    void Close(FdNumber fd, FdBlocking blocking);
}

using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>Closes descriptors without waiting.</summary>
internal interface IDescriptorCloser
{
    /// <summary>Closes at once what cannot wait, and lets a helper close all else.</summary>
    void Close(FdNumber fd, BlockingCalls delay);
}

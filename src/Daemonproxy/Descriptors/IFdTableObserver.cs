using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>A part of the daemon that waits for named descriptors.</summary>
internal interface IFdTableObserver
{
    /// <summary>A descriptor is about to be closed: it was deleted, or another one takes its name.</summary>
    void BeforeClose(FdIndex fd);

    /// <summary>A descriptor has its name.</summary>
    void AfterAssign(FdIndex fd);

    /// <summary>A new descriptor was announced.</summary>
    void AfterAnnounce(FdIndex fd);
}

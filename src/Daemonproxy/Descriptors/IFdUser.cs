using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>A part of the daemon that writes to a named descriptor, and puts that off to the end of a turn.</summary>
internal interface IFdUser
{
    /// <summary>
    /// The descriptor of this name is about to be closed: it was deleted, or another one takes its name. Writes the
    /// pending bytes for it, without blocking.
    /// </summary>
    void BeforeClose(in FixedName name);
}

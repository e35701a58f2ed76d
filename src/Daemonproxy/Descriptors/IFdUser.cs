using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>A part of the daemon that writes to a named descriptor, and puts that off to the end of a turn.</summary>
internal interface IFdUser
{
    /// <summary>
    /// The descriptor of this name is about to be closed: it was deleted, or another one takes its name. Writes what
    /// was meant for it, without waiting.
    /// </summary>
    void BeforeClose(in FixedName name);
}

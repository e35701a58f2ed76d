using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>The bytes that wait for the reader of a connection.</summary>
internal abstract unsafe partial class SystemCalls
{
    /// <summary>
    /// Counts what was written to this pipe or unix socket and is not read yet, ioctl(2): the bytes of a pipe; of a
    /// socket the memory of all messages that are not read to their ends. 0: nothing, or the kernel does not tell.
    /// </summary>
    public abstract long CountUnread(FdNumber output, FdKind kind);
}

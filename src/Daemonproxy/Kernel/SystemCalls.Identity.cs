using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>Identities of processes: the daemon itself, services, and the peers of connections.</summary>
internal abstract unsafe partial class SystemCalls
{
    public abstract Pid OwnPid();

    /// <summary>The session of a process, getsid(2); 0 when there is no such process.</summary>
    public abstract Pid SessionOf(Pid pid);

    /// <summary>
    /// Describes a descriptor that came from outside, if that certainly never waits: a file in memory, and, where the
    /// kernel tells the file system without asking it, one on a local disk. False: a helper has to.
    /// </summary>
    public abstract bool TryExamine(FdNumber fd, out FdIdentity identity, out FdBlocking blocking);

    /// <summary>True if the daemon is root, geteuid(2).</summary>
    public abstract bool IsRoot();

    /// <summary>The peer of a unix socket, SO_PEERCRED of unix(7); none if unknown.</summary>
    public abstract PeerCredentials CredentialsOf(FdNumber connection);
}

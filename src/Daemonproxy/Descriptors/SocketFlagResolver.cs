using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>
/// Resolves socket flags to one domain and one type. Of the domains that remain, inet counts before
/// inet6 and that before unix, of the types dgram before seqpacket and that before stream.
/// </summary>
internal static class SocketFlagResolver
{
    private const SocketFlags Domains = SocketFlags.Unix | SocketFlags.Inet | SocketFlags.Inet6;
    private const SocketFlags Types = SocketFlags.Stream | SocketFlags.Dgram | SocketFlags.Seqpacket;

    /// <summary>The same flags with exactly one domain and one type.</summary>
    public static SocketFlags Canonical(SocketFlags flags)
    {
        SocketFlags domain = (flags & SocketFlags.Inet) != 0 ? SocketFlags.Inet
            : (flags & SocketFlags.Inet6) != 0 ? SocketFlags.Inet6
            : SocketFlags.Unix;
        SocketFlags type = (flags & SocketFlags.Dgram) != 0 ? SocketFlags.Dgram
            : (flags & SocketFlags.Seqpacket) != 0 ? SocketFlags.Seqpacket
            : SocketFlags.Stream;
        return (flags & ~(Domains | Types)) | domain | type;
    }

    /// <summary>The same for the ends of a socketpair.</summary>
    public static PipeFlags Canonical(PipeFlags flags)
    {
        PipeFlags domain = (flags & PipeFlags.Inet) != 0 ? PipeFlags.Inet
            : (flags & PipeFlags.Inet6) != 0 ? PipeFlags.Inet6
            : PipeFlags.Unix;
        PipeFlags type = (flags & PipeFlags.Dgram) != 0 ? PipeFlags.Dgram
            : (flags & PipeFlags.Seqpacket) != 0 ? PipeFlags.Seqpacket
            : PipeFlags.Stream;
        return (flags & PipeFlags.Nonblock) | domain | type;
    }

    /// <summary>True if the flags ask for a socketpair.</summary>
    public static bool IsPair(PipeFlags flags) => (flags & ~PipeFlags.Nonblock) != 0;

    /// <summary>The address family and type of canonical flags.</summary>
    public static SocketShape Of(SocketFlags flags) => new(
        (flags & SocketFlags.Inet) != 0 ? SocketDomain.Inet
        : (flags & SocketFlags.Inet6) != 0 ? SocketDomain.Inet6
        : SocketDomain.Unix,
        (flags & SocketFlags.Dgram) != 0 ? SocketType.Datagram
        : (flags & SocketFlags.Seqpacket) != 0 ? SocketType.Sequential
        : SocketType.Stream);

    /// <summary>The same for a socketpair.</summary>
    public static SocketShape Of(PipeFlags flags) => new(
        (flags & PipeFlags.Inet) != 0 ? SocketDomain.Inet
        : (flags & PipeFlags.Inet6) != 0 ? SocketDomain.Inet6
        : SocketDomain.Unix,
        (flags & PipeFlags.Dgram) != 0 ? SocketType.Datagram
        : (flags & PipeFlags.Seqpacket) != 0 ? SocketType.Sequential
        : SocketType.Stream);
}

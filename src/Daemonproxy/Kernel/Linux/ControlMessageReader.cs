using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The control messages of received bytes, cmsg(3), one after the other.</summary>
internal unsafe ref struct ControlMessageReader(byte* control, nuint bytes)
{
    private nuint _at;

    /// <summary>SCM_RIGHTS and the like, of unix(7).</summary>
    public int Type { get; private set; }

    public byte* Data { get; private set; }

    /// <summary>The bytes of the data.</summary>
    public nuint Length { get; private set; }

    /// <summary>The next message of the socket level; false after the last one, and where one makes no sense.</summary>
    public bool TryNext()
    {
        while (_at + (nuint)sizeof(Tmds.Linux.cmsghdr) <= bytes)
        {
            Tmds.Linux.cmsghdr* header = (Tmds.Linux.cmsghdr*)(control + _at);
            nuint length = (uint)header->cmsg_len;
            if (length < (nuint)sizeof(Tmds.Linux.cmsghdr) || length > bytes - _at)
            {
                return false;
            }

            _at += (length + sizeof(ulong) - 1) & ~(nuint)(sizeof(ulong) - 1);
            if (header->cmsg_level == SOL_SOCKET)
            {
                Type = header->cmsg_type;
                Data = (byte*)(header + 1);
                Length = length - (nuint)sizeof(Tmds.Linux.cmsghdr);
                return true;
            }
        }

        return false;
    }
}

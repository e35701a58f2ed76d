using System;
using Daemonproxy.Kernel;

namespace Daemonproxy.Descriptors;

/// <summary>
/// Parses an address field: a path for a unix socket, <c>HOST:PORT</c> or <c>[HOST]:PORT</c>, numeric, <c>*</c>
/// for every host, without a port one that the kernel chooses.
/// </summary>
internal static class AddressParser
{
    /// <summary>
    /// Parses an address of this domain; false if it is not a valid one: empty, a name, a path that is too long.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, SocketDomain domain, out SocketAddress address) =>
        domain switch
        {
            SocketDomain.Unix => SocketAddress.TryUnix(text, out address),
            SocketDomain.Inet => TryInet(text, out address),
            _ => TryInet6(text, out address),
        };

    private static bool TryInet(ReadOnlySpan<byte> text, out SocketAddress address)
    {
        int colon = text.IndexOf((byte)':');
        ReadOnlySpan<byte> host = colon < 0 ? text : text[..colon];
        uint number = 0;
        bool isHost = host.SequenceEqual("*"u8) || Inet6Text.TryParseInet(host, out number);
        bool isPort = TryPort(colon < 0 ? default : text[colon..], out ushort port);
        address = SocketAddress.Inet(number, port);
        return isHost && isPort;
    }

    private static bool TryInet6(ReadOnlySpan<byte> text, out SocketAddress address)
    {
        Span<byte> host = stackalloc byte[SocketAddress.Inet6Bytes];
        host.Clear();
        int end = text.StartsWith("*"u8) ? 0 : text.IndexOf((byte)']');
        bool isHost = text.StartsWith("*"u8)
            || (end > 0 && text[0] == (byte)'[' && Inet6Text.TryParse(text[1..end], host));
        ushort port = 0;
        bool isPort = isHost && TryPort(text[(end + 1)..], out port);
        address = SocketAddress.Inet6(host, port);
        return isHost && isPort;
    }

    // Empty, or a colon and a number.
    private static bool TryPort(ReadOnlySpan<byte> text, out ushort port)
    {
        port = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        int number = 0;
        bool isPort = text[0] == (byte)':' && Inet6Text.TryNumber(text[1..], ushort.MaxValue, out number);
        port = (ushort)number;
        return isPort;
    }
}

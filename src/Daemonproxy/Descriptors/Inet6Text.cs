using System;
using System.Buffers.Binary;

namespace Daemonproxy.Descriptors;

/// <summary>
/// IPv6 addresses as people write them, RFC 4291, section 2.2: eight groups of hexadecimal digits, one run of zeros cut
/// to <c>::</c>, the last four bytes perhaps as in IPv4. No zone.
/// </summary>
internal static class Inet6Text
{
    private const int Groups = 8;

    /// <summary>Fills 16 bytes; false for what is no address.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> address)
    {
        address.Clear();
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
        {
            return TryGroups(text, address, out int all) && all == Groups;
        }

        // The groups behind the gap go to the end; what is between is zero, at least one group of it.
        Span<byte> back = stackalloc byte[address.Length];
        ReadOnlySpan<byte> behind = text[(gap + 2)..];
        int before = 0;
        int after = 0;
        bool areGroups = (gap == 0 || TryGroups(text[..gap], address, out before))
            && (behind.IsEmpty || TryGroups(behind, back, out after))
            && before + after < Groups;
        if (!areGroups || (gap > 0 && text[..gap].Contains((byte)'.')))
        {
            return false;
        }

        back[..(2 * after)].CopyTo(address[(2 * (Groups - after))..]);
        return true;
    }

    /// <summary>Reads four decimal numbers of at most 255, with points between, as bytes in order.</summary>
    public static bool TryParseInet(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int part = 0; part < sizeof(uint); part++)
        {
            int end = part < sizeof(uint) - 1 ? text.IndexOf((byte)'.') : text.Length;
            if (end is < 1 or > 3 || !TryNumber(text[..end], 255, out int number))
            {
                return false;
            }

            address = (address << 8) | (uint)number;
            text = end < text.Length ? text[(end + 1)..] : default;
        }

        return true;
    }

    /// <summary>A decimal number without a sign, at most so high.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> text, int highest, out int number)
    {
        number = 0;
        foreach (byte digit in text)
        {
            number = (number * 10) + digit - '0';
            if (digit is < (byte)'0' or > (byte)'9' || number > highest)
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    // One to eight groups with single colons between; the last may be an IPv4 address, which counts as two.
    private static bool TryGroups(ReadOnlySpan<byte> text, Span<byte> address, out int count)
    {
        count = 0;
        while (count < Groups)
        {
            int end = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = end < 0 ? text : text[..end];
            if (end < 0 && count <= Groups - 2 && TryParseInet(group, out uint inet))
            {
                BinaryPrimitives.WriteUInt32BigEndian(address[(2 * count)..], inet);
                count += 2;
                return true;
            }

            if (!TryGroup(group, out ushort value))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(address[(2 * count)..], value);
            count++;
            if (end < 0)
            {
                return true;
            }

            text = text[(end + 1)..];
        }

        return false;
    }

    private static bool TryGroup(ReadOnlySpan<byte> text, out ushort value)
    {
        value = 0;
        foreach (byte digit in text)
        {
            int number = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (number < 0)
            {
                return false;
            }

            value = (ushort)((value << 4) | number);
        }

        return text.Length is > 0 and <= 4;
    }
}

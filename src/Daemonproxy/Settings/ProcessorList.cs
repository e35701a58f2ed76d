using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>A list of processors as cpuset(7) writes it: numbers and ranges, <c>0-3,8</c>.</summary>
internal static class ProcessorList
{
    /// <summary>True if a text is such a list, with at least one processor; none above 1023.</summary>
    public static bool IsValid(ReadOnlySpan<byte> list)
    {
        Span<ulong> mask = stackalloc ulong[LaunchSettings.MostProcessors / 64];
        return TryParse(list, mask);
    }

    /// <summary>Sets the bit of each processor.</summary>
    public static bool TryParse(ReadOnlySpan<byte> list, Span<ulong> mask)
    {
        mask.Clear();
        bool isValid = !list.IsEmpty;
        while (isValid && !list.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            isValid = comma != list.Length - 1 && TryAddRange(comma < 0 ? list : list[..comma], mask);
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return isValid;
    }

    private static bool TryAddRange(ReadOnlySpan<byte> range, Span<ulong> mask)
    {
        int dash = range.IndexOf((byte)'-');
        if (!TryNumber(dash < 0 ? range : range[..dash], out int first)
            || !TryNumber(dash < 0 ? range : range[(dash + 1)..], out int last))
        {
            return false;
        }

        for (int number = first; number <= last; number++)
        {
            mask[number / 64] |= 1UL << (number % 64);
        }

        return first <= last;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out int number)
    {
        bool isNumber = ArgumentTypes.TryInteger(text, out long value)
            && value is >= 0 and < LaunchSettings.MostProcessors;
        number = (int)value;
        return isNumber;
    }
}

using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Options;

/// <summary>
/// Reads argv against the generated option table: long options with <c>=VALUE</c> or the next word, short ones bundled
/// (<c>-ic FILE</c>). The bytes are taken as they are, in no encoding.
/// </summary>
internal static unsafe class CommandLine
{
    /// <summary>
    /// Applies the words in their order, from <paramref name="at"/> up to the first that is wrong: what is wrong with
    /// it, in words for people, or null. What comes behind <c>--help</c> is not looked at. A lone <c>-</c> is ignored.
    /// </summary>
    public static byte[]? Apply(byte** arguments, int count, ref int at, StartOptions options)
    {
        while (at < count && !options.IsDone)
        {
            ReadOnlySpan<byte> word = Bytes(arguments[at]);
            byte[]? problem = null;
            if (word.StartsWith("--"u8))
            {
                problem = ApplyLong(word, arguments, count, ref at, options);
            }
            else if (word.Length > 1 && word[0] == (byte)'-')
            {
                problem = ApplyShort(word[1..], arguments, count, ref at, options);
            }
            else if (!word.SequenceEqual("-"u8))
            {
                problem = Concat("Unexpected argument \""u8, word, "\""u8);
            }

            at++;

            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static byte[]? ApplyLong(
        ReadOnlySpan<byte> word, byte** arguments, int count, ref int at, StartOptions options)
    {
        int equals = word.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? word : word[..equals];
        OptionId id = OptionTable.FindLong(name[2..]);
        if (id == OptionId.None || (equals >= 0 && !OptionTable.TakesValue(id)))
        {
            return Concat("Unknown option "u8, equals >= 0 && id != OptionId.None ? word : name, SeeHelp);
        }

        ReadOnlySpan<byte> value = equals < 0 ? default : word[(equals + 1)..];
        if (OptionTable.TakesValue(id) && equals < 0)
        {
            if (at + 1 >= count)
            {
                return Concat("Missing argument for "u8, name, default);
            }

            value = Bytes(arguments[++at]);
        }

        return Apply(id, value, options);
    }

    private static byte[]? ApplyShort(
        ReadOnlySpan<byte> letters, byte** arguments, int count, ref int at, StartOptions options)
    {
        Span<byte> shown = stackalloc byte[] { (byte)'-', 0 };
        foreach (byte letter in letters)
        {
            OptionId id = OptionTable.FindShort(letter);
            shown[1] = letter;
            if (id == OptionId.None)
            {
                return Concat("Unknown option "u8, shown, SeeHelp);
            }

            ReadOnlySpan<byte> value = default;
            if (OptionTable.TakesValue(id))
            {
                if (at + 1 >= count)
                {
                    return Concat("Missing argument for "u8, shown, default);
                }

                value = Bytes(arguments[++at]);
            }

            if (Apply(id, value, options) is byte[] problem)
            {
                return problem;
            }

            if (options.IsDone)
            {
                break;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> SeeHelp => "  (see --help)"u8;

    private static byte[]? Apply(OptionId id, ReadOnlySpan<byte> value, IOptionHandler options)
    {
        CommandError error = OptionDispatch.Apply(id, value, options);
        if (error.IsNone)
        {
            return null;
        }

        EventLine text = new(new byte[Limits.LongestErrorText + Limits.Line]);
        Errors.Write(error, ref text);
        return text.Written.ToArray();
    }

    private static ReadOnlySpan<byte> Bytes(byte* word) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(word);

    private static byte[] Concat(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        byte[] all = new byte[first.Length + second.Length + third.Length];
        first.CopyTo(all);
        second.CopyTo(all.AsSpan(first.Length));
        third.CopyTo(all.AsSpan(first.Length + second.Length));
        return all;
    }
}

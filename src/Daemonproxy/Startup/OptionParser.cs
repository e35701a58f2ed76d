using System;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>
/// Reads argv against the generated option table: long options with <c>=VALUE</c> or the next word, short ones bundled
/// (<c>-ic FILE</c>). The bytes are taken as they are, in no encoding.
/// </summary>
internal static unsafe class OptionParser
{
    /// <summary>
    /// Applies the words in their order, from <paramref name="at"/> up to the first that is wrong. Returns an error
    /// message for it, or null. Words after <c>--help</c> are ignored, and so is a lone <c>-</c>.
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
            else if (!word.SequenceEqual("-"u8) && !options.TryTake(word) && !options.TryRequestRescue(word))
            {
                problem = StrayWord(word);
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
            return NoSuchOption(equals >= 0 && id != OptionId.None ? word : name);
        }

        ReadOnlySpan<byte> value = equals < 0 ? default : word[(equals + 1)..];
        if (OptionTable.TakesValue(id) && equals < 0)
        {
            if (at + 1 >= count)
            {
                return NoValue(name);
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
                return NoSuchOption(shown);
            }

            ReadOnlySpan<byte> value = default;
            if (OptionTable.TakesValue(id))
            {
                if (at + 1 >= count)
                {
                    return NoValue(shown);
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

    private static byte[]? Apply(OptionId id, ReadOnlySpan<byte> value, StartOptions options)
    {
        options.Note(id);
        CommandError error = OptionDispatch.Apply(id, value, options);
        if (error.IsNone)
        {
            return null;
        }

        LineWriter text = new(new byte[Limits.LongestErrorText + Limits.Line]);
        Errors.Write(error, ref text);
        return text.Written.ToArray();
    }

    private static ReadOnlySpan<byte> Bytes(byte* word) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(word);

    private static byte[] NoSuchOption(ReadOnlySpan<byte> option)
    {
        LineWriter text = Begin(option);
        LogMessages.NoSuchOptionText(ref text, option);
        return text.Written.ToArray();
    }

    private static byte[] NoValue(ReadOnlySpan<byte> option)
    {
        LineWriter text = Begin(option);
        LogMessages.NoValueText(ref text, option);
        return text.Written.ToArray();
    }

    private static byte[] StrayWord(ReadOnlySpan<byte> word)
    {
        LineWriter text = Begin(word);
        LogMessages.StrayWordText(ref text, word);
        return text.Written.ToArray();
    }

    // A word can have any length; a message cannot.
    private static LineWriter Begin(ReadOnlySpan<byte> word) => new(new byte[word.Length + Limits.LongestErrorText]);
}

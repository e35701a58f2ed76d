using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Generators.Writing;

/// <summary>
/// Writes the search for one of many words: first by length, then by comparing whole machine words, which are constants
/// in the code. Nothing is built when the program starts.
/// </summary>
internal static class WordMatcher
{
    /// <summary>A method with <paramref name="header"/>, whose result is that of the word which the text is.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="header">The method as far as its parameters.</param>
    /// <param name="text">The parameter with the bytes.</param>
    /// <param name="words">Each word with its result.</param>
    /// <param name="otherwise">The result for any other text.</param>
    public static void Write(
        SourceWriter writer,
        string header,
        string text,
        IEnumerable<(string Word, string Result)> words,
        string otherwise)
    {
        writer.Open(header + " => " + text + ".Length switch");
        foreach (KeyValuePair<int, List<(string Word, string Result)>> group in ByLength(words))
        {
            List<(int Offset, int Bytes)> reads = Reads(group.Key);
            string value = Tuple(reads.ConvertAll(read => Read(text, read)));
            writer.Open(CSharp.Number(group.Key) + " => " + value + " switch");
            foreach ((string word, string result) in group.Value)
            {
                byte[] bytes = Encoding.UTF8.GetBytes(word);
                string pattern = Tuple(reads.ConvertAll(read => Constant(bytes, read)));
                writer.Line(pattern + " => " + result + ", // " + word);
            }

            writer.Line("_ => " + otherwise + ",");
            writer.Close(",");
        }

        writer.Line("_ => " + otherwise + ",");
        writer.Close(";");
    }

    private static SortedDictionary<int, List<(string Word, string Result)>> ByLength(
        IEnumerable<(string Word, string Result)> words)
    {
        var lengths = new SortedDictionary<int, List<(string Word, string Result)>>();
        foreach ((string word, string result) in words)
        {
            int length = Encoding.UTF8.GetByteCount(word);
            if (!lengths.TryGetValue(length, out List<(string, string)>? same))
            {
                lengths.Add(length, same = []);
            }

            same.Add((word, result));
        }

        return lengths;
    }

    // Words of 8, 4, 2 or 1 bytes; the last may overlap the one before it, so that 12 bytes are two of 8.
    private static List<(int Offset, int Bytes)> Reads(int length)
    {
        int bytes = length >= 8 ? 8 : length >= 4 ? 4 : length >= 2 ? 2 : 1;
        var reads = new List<(int, int)>();
        int offset = 0;
        for (; offset + bytes <= length; offset += bytes)
        {
            reads.Add((offset, bytes));
        }

        if (offset < length)
        {
            reads.Add((length - bytes, bytes));
        }

        return reads;
    }

    private static string Read(string text, (int Offset, int Bytes) read)
    {
        string from = read.Offset == 0 ? text : text + "[" + CSharp.Number(read.Offset) + "..]";
        return read.Bytes == 1
            ? text + "[" + CSharp.Number(read.Offset) + "]"
            : Runtime.Reads + "UInt" + CSharp.Number(read.Bytes * 8) + "LittleEndian(" + from + ")";
    }

    private static string Constant(byte[] bytes, (int Offset, int Bytes) read)
    {
        var digits = new StringBuilder("0x");
        for (int index = read.Bytes - 1; index >= 0; index--)
        {
            digits.Append(bytes[read.Offset + index].ToString("X2", CultureInfo.InvariantCulture));
        }

        return digits.ToString();
    }

    private static string Tuple(List<string> items) =>
        items.Count == 1 ? items[0] : "(" + string.Join(", ", items) + ")";
}

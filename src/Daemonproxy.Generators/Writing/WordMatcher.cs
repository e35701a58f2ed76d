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
    /// <summary>A body that returns the result of the word that <paramref name="text"/> is, or the other one.</summary>
    public static void Write(
        SourceWriter writer, string text, IEnumerable<(string Word, string Result)> words, string otherwise)
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

        writer.Open("switch (" + text + ".Length)");
        foreach (KeyValuePair<int, List<(string Word, string Result)>> group in lengths)
        {
            writer.Open("case " + CSharp.Number(group.Key) + ":");
            WriteLength(writer, text, group.Key, group.Value, otherwise);
            writer.Close();
        }

        writer.Open("default:");
        writer.Line("return " + otherwise + ";");
        writer.Close();
        writer.Close();
    }

    private static void WriteLength(
        SourceWriter writer, string text, int length, List<(string Word, string Result)> words, string otherwise)
    {
        List<(int Offset, int Bytes)> reads = Reads(length);
        for (int index = 0; index < reads.Count; index++)
        {
            writer.Line(Read(text, reads[index], index));
        }

        for (int index = 0; index < words.Count; index++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(words[index].Word);
            var condition = new StringBuilder();
            for (int read = 0; read < reads.Count; read++)
            {
                condition.Append(read == 0 ? "" : " && ").Append(Variable(read)).Append(" == ");
                condition.Append(Constant(bytes, reads[read]));
            }

            writer.Line("// " + words[index].Word);
            writer.If(condition.ToString(), "return " + words[index].Result + ";");
        }

        writer.Gap();
        writer.Line("return " + otherwise + ";");
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

    private static string Read(string text, (int Offset, int Bytes) read, int index)
    {
        string from = read.Offset == 0 ? text : text + "[" + CSharp.Number(read.Offset) + "..]";
        return read.Bytes switch
        {
            8 => "ulong " + Variable(index) + " = BinaryPrimitives.ReadUInt64LittleEndian(" + from + ");",
            4 => "uint " + Variable(index) + " = BinaryPrimitives.ReadUInt32LittleEndian(" + from + ");",
            2 => "ushort " + Variable(index) + " = BinaryPrimitives.ReadUInt16LittleEndian(" + from + ");",
            _ => "byte " + Variable(index) + " = " + text + "[" + CSharp.Number(read.Offset) + "];",
        };
    }

    private static string Variable(int index) => "word" + CSharp.Number(index);

    private static string Constant(byte[] bytes, (int Offset, int Bytes) read)
    {
        var digits = new StringBuilder("0x");
        for (int index = read.Bytes - 1; index >= 0; index--)
        {
            digits.Append(bytes[read.Offset + index].ToString("X2", CultureInfo.InvariantCulture));
        }

        return digits.ToString();
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Daemonproxy.Tests.Transcripts;

namespace Daemonproxy.Tests.Fuzz;

/// <summary>The lines to mutate: all lines that transcripts send.</summary>
internal static class Corpus
{
    private const int LongestLine = 300;

    public static List<byte[]> Lines { get; } = Read();

    /// <summary>
    /// A few lines of the corpus with bytes changed, moved, doubled and lost; or bytes that are none of it.
    /// </summary>
    public static byte[] Mutate(Random random)
    {
        List<byte> bytes = [];
        for (int lines = 1 + random.Next(3); lines > 0; lines--)
        {
            bytes.AddRange(Lines[random.Next(Lines.Count)]);
            bytes.Add((byte)'\n');
        }

        for (int changes = random.Next(8); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(12), bytes.Count - at);
            switch (random.Next(7))
            {
                case 0:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 4:
                    bytes.Insert(at, "\t\n\0\r -,#"u8[random.Next(8)]);
                    break;
                case 5:
                    bytes.InsertRange(at, Encoding.ASCII.GetBytes(random.NextInt64().ToString("D")));
                    break;
                default:
                    bytes.InsertRange(at, new byte[random.Next(5) == 0 ? random.Next(9000) : 0]);
                    break;
            }
        }

        return [.. bytes];
    }

    private static List<byte[]> Read()
    {
        List<byte[]> lines = [];
        foreach (string path in Directory.GetFiles(TranscriptTests.Folder, "*.txt"))
        {
            foreach (string line in File.ReadLines(path))
            {
                bool isSent = line.StartsWith("> ", StringComparison.Ordinal) && !line.Contains("terminate");
                if (isSent && line.Length < LongestLine && !line.Contains("crash") && !line.Contains("exit"))
                {
                    lines.Add(Encoding.Latin1.GetBytes(Notation.Decode(line[2..].TrimEnd('¬'))));
                }
            }
        }

        return lines;
    }
}

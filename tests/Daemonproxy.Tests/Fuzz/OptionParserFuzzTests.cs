using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Startup;
using Xunit;

namespace Daemonproxy.Tests.Fuzz;

/// <summary>
/// Words of every kind on the command line: never an exception, and what is wrong is said in one line.
/// </summary>
public sealed unsafe class OptionParserFuzzTests
{
    private const int Runs = 20_000;

    private static readonly string[] _parts =
    [
        "-", "--", "-i", "-c", "-v", "-q", "-ic", "--config", "--config=", "--help", "--version", "--interactive",
        "--interactive=x", "--verbose", "/etc/x", "", "=", "--=", "-=", "-\u00FF", "--\u0001", "x y", "-vvvq", "--quie",
    ];

    [Fact]
    public void AnyWords()
    {
        Random random = new(1);
        int refused = 0;
        for (int run = 0; run < Runs; run++)
        {
            string[] words = new string[random.Next(6)];
            for (int i = 0; i < words.Length; i++)
            {
                words[i] = RandomWord(random);
            }

            byte[]? problem = Apply(words);
            refused += problem is null ? 0 : 1;
            Assert.True(problem is null || problem.Length > 0);
        }

        Assert.InRange(refused, Runs / 4, Runs - 1000);
    }

    private static string RandomWord(Random random)
    {
        string word = _parts[random.Next(_parts.Length)];
        if (random.Next(4) == 0)
        {
            word += _parts[random.Next(_parts.Length)];
        }

        if (random.Next(6) == 0 && word.Length > 0)
        {
            word = word.Remove(random.Next(word.Length)) + (char)(1 + random.Next(255));
        }

        return random.Next(200) == 0 ? word + new string('x', 100_000) : word;
    }

    private static byte[]? Apply(string[] words)
    {
        List<nint> memory = [];
        byte** arguments = stackalloc byte*[words.Length + 1];
        for (int i = 0; i < words.Length; i++)
        {
            byte[] bytes = Encoding.Latin1.GetBytes(words[i] + "\0");
            arguments[i] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            memory.Add((nint)arguments[i]);
            bytes.CopyTo(new Span<byte>(arguments[i], bytes.Length));
        }

        try
        {
            int at = 0;
            return OptionParser.Apply(arguments, words.Length, ref at, new StartOptions(isInit: false));
        }
        finally
        {
            foreach (nint word in memory)
            {
                NativeMemory.Free((void*)word);
            }
        }
    }
}

using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Fields against string.Split.</summary>
public sealed class FieldReaderTests
{
    [Fact]
    public void GivesWhatSplitGives()
    {
        Random random = new(1);
        for (int run = 0; run < 5_000; run++)
        {
            string line = RandomLine(random);
            string[] expected = line.Split('\t');
            byte[] bytes = Encoding.ASCII.GetBytes(line);
            FieldReader fields = new(bytes);
            int stop = random.Next(expected.Length + 1);
            for (int i = 0; i < stop; i++)
            {
                Assert.Equal(expected.Length - i, fields.CountLeft());
                Assert.True(fields.HasNext);
                Assert.True(fields.TryNext(out ReadOnlySpan<byte> field));
                Assert.Equal(expected[i], Encoding.ASCII.GetString(field));
            }

            Assert.Equal(string.Join('\t', expected[stop..]), Encoding.ASCII.GetString(fields.TakeRest()));
            Assert.False(fields.HasNext);
            Assert.Equal(0, fields.CountLeft());
            Assert.False(fields.TryNext(out ReadOnlySpan<byte> none));
            Assert.True(none.IsEmpty);
        }
    }

    [Fact]
    public void AListLeavesEmptyFieldsOut()
    {
        Random random = new(2);
        for (int run = 0; run < 2_000; run++)
        {
            string line = RandomLine(random);
            List<string> found = [];
            foreach (ReadOnlySpan<byte> field in new FieldList(Encoding.ASCII.GetBytes(line)))
            {
                found.Add(Encoding.ASCII.GetString(field));
            }

            Assert.Equal(line.Split('\t', StringSplitOptions.RemoveEmptyEntries), found);
        }
    }

    private static string RandomLine(Random random)
    {
        char[] line = new char[random.Next(12)];
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = "ab\t"[random.Next(3)];
        }

        return new string(line);
    }
}

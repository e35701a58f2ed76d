using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Collections;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The tree of names against a sorted dictionary.</summary>
public sealed unsafe class NameTreeTests
{
    private const int Count = 300;
    private const string Letters = "AZaz09._-";

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 31)]
    [InlineData(4, 31)]
    public void FindsAndOrdersAsASortedDictionary(int seed, int longest)
    {
        Random random = new(seed);
        using SimKernel kernel = new();
        FixedName* names = (FixedName*)kernel.Allocate(Count * sizeof(FixedName));
        NameTree tree = new(kernel, (byte*)names, sizeof(FixedName), Count);
        SortedDictionary<string, int> model = new(StringComparer.Ordinal);
        Stack<int> free = new();
        for (int i = Count - 1; i >= 0; i--)
        {
            free.Push(i);
        }

        for (int step = 0; step < 20_000; step++)
        {
            string text = RandomName(random, longest);
            FixedName name = NameOf(text);
            Assert.Equal(model.GetValueOrDefault(text, -1), tree.Find(name.Value));
            Assert.Equal(After(model, text), tree.After(name));
            if (model.Remove(text, out int record))
            {
                tree.Remove(record);
                free.Push(record);
            }
            else if (free.TryPop(out int place))
            {
                names[place] = name;
                tree.Add(place);
                model.Add(text, place);
            }

            Assert.Equal(model.Count, tree.Count);
            if (step % 500 == 0)
            {
                Assert.Equal(model.Values, InOrder(tree, names));
            }
        }
    }

    [Fact]
    public void AnEmptyTreeHasNothing()
    {
        using SimKernel kernel = new();
        FixedName* names = (FixedName*)kernel.Allocate(Count * sizeof(FixedName));
        NameTree tree = new(kernel, (byte*)names, sizeof(FixedName), Count);
        Assert.Equal(-1, tree.After(default));
        Assert.Equal(-1, tree.Find(NameOf("x").Value));
        names[5] = NameOf("x");
        tree.Add(5);
        Assert.Equal(5, tree.After(default));
        tree.Remove(5);
        Assert.Equal(-1, tree.After(default));
    }

    private static List<int> InOrder(NameTree tree, FixedName* names)
    {
        List<int> found = [];
        for (int at = tree.After(default); at >= 0; at = tree.After(names[at]))
        {
            found.Add(at);
        }

        return found;
    }

    private static int After(SortedDictionary<string, int> model, string text)
    {
        foreach ((string name, int record) in model)
        {
            if (string.CompareOrdinal(name, text) > 0)
            {
                return record;
            }
        }

        return -1;
    }

    private static string RandomName(Random random, int longest)
    {
        char[] name = new char[random.Next(2) == 0 ? 1 + random.Next(Math.Min(3, longest)) : 1 + random.Next(longest)];
        for (int i = 0; i < name.Length; i++)
        {
            name[i] = Letters[random.Next(longest > 3 && i < name.Length - 2 ? 1 : Letters.Length)];
        }

        return new string(name);
    }

    private static FixedName NameOf(string text)
    {
        Assert.True(Name.TryParse(Encoding.ASCII.GetBytes(text), FixedName.Longest, out Name name));
        return FixedName.From(name);
    }
}

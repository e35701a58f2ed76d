using System;
using Daemonproxy.State;
using Daemonproxy.Tests.Simulation;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>Texts in the arena against texts in arrays: reuse, moves to the other half, limits, and a resume.</summary>
public sealed class TextArenaTests
{
    private const int Tags = 5;
    private const int Owners = 24;
    private const int Most = 600;
    private const int HalfBytes = 16384;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void KeepsEveryText(int seed)
    {
        Random random = new(seed);
        using SimMemory memory = new(Layout(HalfBytes));
        Arena arena = new(memory);
        for (int step = 0; step < 30_000; step++)
        {
            int owner = random.Next(Owners);
            byte[] text = new byte[random.Next(4) == 0 ? random.Next(Most) : random.Next(80)];
            FillWithText(random, text);
            bool mustFit = arena.FitsMost(owner, text.Length);
            bool stored = arena.Set(owner, random.Next(Tags), text);
            Assert.True(stored || !mustFit || arena.IsTight(HalfBytes));
            if (step % 100 == 0)
            {
                arena.Check();
            }

            if (step % 5_000 == 4_999)
            {
                arena.Resume();
                arena.Check();
            }

            if (random.Next(50) == 0)
            {
                arena.Clear(owner);
            }
        }

        arena.Check();
    }

    [Fact]
    public void WithinWhatWasPromisedNothingFails()
    {
        int half = (int)TextArena.HalfBytesFor(Owners, Most, Tags);
        Random random = new(5);
        using SimMemory memory = new(Layout(half));
        Arena arena = new(memory);
        for (int step = 0; step < 20_000; step++)
        {
            int owner = random.Next(Owners);
            byte[] text = new byte[random.Next((Most / Tags) - 1)];
            FillWithText(random, text);
            Assert.True(arena.Set(owner, random.Next(Tags), text));
        }

        arena.Check();
    }

    [Fact]
    public void ARecordHasALimitSeparatorsIncluded()
    {
        using SimMemory memory = new(Layout(HalfBytes));
        Arena arena = new(memory);
        Assert.True(arena.Set(0, 0, Text(Most)));
        Assert.False(arena.Set(0, 1, Text(1)));
        Assert.False(arena.Set(1, 1, Text(Most + 1)));
        Assert.True(arena.Set(0, 0, Text(Most - 1)));
        Assert.False(arena.Set(0, 1, Text(1)));
        Assert.True(arena.Set(0, 0, Text(Most - 2)));
        Assert.True(arena.Set(0, 1, Text(1)));
        arena.Check();
    }

    [Fact]
    public void WithoutMemoryATextIsRefusedAndTheOthersStay()
    {
        const int Large = 4000;
        using SimMemory memory = new(Layout(8 * HalfBytes));
        Arena arena = new(memory, Large);
        memory.Kernel.ImageBudget = HalfBytes;
        int stored = 0;
        for (int owner = 0; owner < Owners; owner++)
        {
            for (int tag = 0; tag < Tags; tag++)
            {
                stored += arena.Set(owner, tag, Text(Large / 5)) ? 1 : 0;
            }
        }

        Assert.InRange(stored, 10, (Owners * Tags) - 1);
        arena.Check();
    }

    private static ImageLayout Layout(int halfBytes)
    {
        ImageLayout layout = new();
        layout.Add(RegionId.ServiceText, halfBytes, 2);
        return layout;
    }

    private static byte[] Text(int bytes)
    {
        byte[] text = new byte[bytes];
        Array.Fill(text, (byte)'x');
        return text;
    }

    // Whatever a line can hold: anything but LF and NUL.
    private static void FillWithText(Random random, byte[] text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (byte)(random.Next(256) is var b and not (0 or '\n') ? b : 'x');
        }
    }

    // Owners whose texts are known twice: in the arena, and here.
    private sealed class Arena(SimMemory memory, int most = Most) : TextArena.ITextOwners
    {
        private readonly TextRef[] _texts = new TextRef[Owners];
        private readonly byte[]?[,] _model = new byte[Owners, Tags][];
        private TextArena _arena = new(memory.Kernel, memory.Image, RegionId.ServiceText, Tags, most);

        public int Count => Owners;

        public TextRef TextOf(int owner) => _texts[owner];

        public void Publish(int owner, TextRef text) => _texts[owner] = text;

        public bool FitsMost(int owner, int bytes)
        {
            for (int tag = 0; tag < Tags; tag++)
            {
                bytes += _model[owner, tag]?.Length ?? 0;
            }

            return bytes + Tags - 1 <= Most;
        }

        // Blocks of the largest size may not fit even after a move.
        public bool IsTight(int halfBytes) =>
            _arena.Used + SizeClass.Bytes(SizeClass.For(Most + 16)) > halfBytes;

        public bool Set(int owner, int tag, byte[] text)
        {
            if (!_arena.TryStage(this, owner, tag, text, out TextRef staged))
            {
                return false;
            }

            TextRef old = _texts[owner];
            _texts[owner] = staged;
            _arena.Free(old);
            _model[owner, tag] = text;
            return true;
        }

        public void Clear(int owner)
        {
            _arena.Free(_texts[owner]);
            _texts[owner] = default;
            for (int tag = 0; tag < Tags; tag++)
            {
                _model[owner, tag] = null;
            }
        }

        public void Resume()
        {
            _arena = new TextArena(memory.Kernel, memory.Image, RegionId.ServiceText, Tags, most);
            _arena.Rebuild(this);
        }

        public void Check()
        {
            long used = 0;
            for (int owner = 0; owner < Owners; owner++)
            {
                Assert.True(_arena.IsSound(_texts[owner]));
                used += _texts[owner].Bytes;
                for (int tag = 0; tag < Tags; tag++)
                {
                    Assert.Equal(_model[owner, tag] ?? [], _arena.Get(_texts[owner], tag).ToArray());
                }
            }

            Assert.Equal(used, _arena.Used);
        }
    }
}

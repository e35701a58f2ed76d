using System;
using System.Collections.Generic;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Bytes under way in one direction of a pipe or socketpair; 64 KB of them, as pipe(7) has it.</summary>
internal sealed class SimBuffer
{
    public const int Capacity = 65536;

    /// <summary>A pipe takes so many bytes whole or not at all (PIPE_BUF).</summary>
    public const int Atomic = 4096;

    private readonly byte[] _ring = new byte[Capacity];
    private readonly Queue<Passed> _passed = [];
    private long _taken;
    private int _start;

    public int Length { get; private set; }

    public int Free => Capacity - Length;

    /// <summary>Open ends that can read and write it.</summary>
    public int Readers { get; set; }

    public int Writers { get; set; }

    public void Reset()
    {
        _start = 0;
        Length = 0;
        Readers = 0;
        Writers = 0;
        _taken = 0;
    }

    /// <summary>The next bytes to be appended, so many, have these files with them; they are held.</summary>
    public void Attach(int bytes, params ReadOnlySpan<SimFile> files)
    {
        long start = _taken + Length;
        foreach (SimFile file in files)
        {
            _passed.Enqueue(new Passed(SimKernel.Hold(file), start, start + bytes));
        }
    }

    /// <summary>
    /// As <see cref="Take(Span{byte})"/>, with the files that came with these bytes; as unix(7) does it, what is read
    /// ends at the latest with the first message that had any.
    /// </summary>
    public int Take(Span<byte> into, List<SimFile> files)
    {
        int count = Math.Min(into.Length, Length);
        if (_passed.TryPeek(out Passed first) && first.Start < _taken + count)
        {
            count = (int)Math.Min(count, first.End - _taken);
            while (_passed.TryPeek(out Passed next) && next.Start == first.Start)
            {
                files.Add(_passed.Dequeue().File);
            }
        }

        return Take(into[..count]);
    }

    /// <summary>Nobody will read any more: what is under way is closed.</summary>
    public void DropPassed(SimKernel kernel)
    {
        while (_passed.TryDequeue(out Passed passed))
        {
            kernel.Release(passed.File);
        }
    }

    /// <summary>Takes as many bytes as there is room for; how many.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(bytes.Length, Free);
        int end = (_start + Length) % Capacity;
        int first = Math.Min(count, Capacity - end);
        bytes[..first].CopyTo(_ring.AsSpan(end));
        bytes[first..count].CopyTo(_ring);
        Length += count;
        return count;
    }

    /// <summary>Gives as many bytes as there are and fit; how many.</summary>
    public int Take(Span<byte> into)
    {
        int count = Math.Min(into.Length, Length);
        int first = Math.Min(count, Capacity - _start);
        _ring.AsSpan(_start, first).CopyTo(into);
        _ring.AsSpan(0, count - first).CopyTo(into[first..]);
        _start = (_start + count) % Capacity;
        Length -= count;
        _taken += count;
        return count;
    }

    private readonly record struct Passed(SimFile File, long Start, long End);
}

using System;
using Daemonproxy.Connections;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Allocation;

/// <summary>
/// A daemon that is driven without allocating anything around it: lines are put straight into the buffer that it reads,
/// and what it says is thrown away.
/// </summary>
internal sealed class Bench : IDisposable
{
    private const int MostTurns = 50;
    private readonly SimWorld _world = new();
    private readonly byte[] _sink = new byte[SimBuffer.Capacity];

    public Bench()
    {
        _world.Kernel.AddProgram("/bin/once").EndsAfter = 0;
        _world.Kernel.AddProgram("/bin/runs");
        _world.Start("-i", "--debug-crash");
    }

    public SimWorld World => _world;

    /// <summary>The bytes that so many runs of these lines allocate, after a few runs before.</summary>
    public long Measure(byte[] lines, int runs)
    {
        const int Warm = 60;
        Run(lines, Warm);
        return Allocated.By(() => Run(lines, runs));
    }

    public void Run(byte[] lines, int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            Send(Session, lines);
        }
    }

    public Connection Session => _world.Running.Connections.All[0];

    /// <summary>Sends lines as this controller, piece by piece where a star is, and waits for rest.</summary>
    public void Send(Connection controller, ReadOnlySpan<byte> lines)
    {
        SimBuffer input = ((SimStream)_world.Kernel.FileOf(controller.Record.Input)!).In!;
        while (!lines.IsEmpty)
        {
            int star = lines.IndexOf((byte)'*');
            input.Append(star < 0 ? lines : lines[..star]);
            lines = star < 0 ? default : lines[(star + 1)..];
            Rest();
        }
    }

    /// <summary>Turns until there is nothing to do.</summary>
    public void Rest()
    {
        int turns = 0;
        do
        {
            _world.Loop.RunTurn();
            Drain(0);
            Drain(2);
        }
        while (!_world.Kernel.IsIdle && ++turns < MostTurns);
    }

    public void Dispose() => _world.Dispose();

    private void Drain(int peer)
    {
        SimStream? source = peer == 0 ? _world.Session.Source : _world.LogReader.Source;
        source!.In!.Take(_sink);
    }
}

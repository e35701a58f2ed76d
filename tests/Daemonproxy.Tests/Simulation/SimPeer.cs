using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;

namespace Daemonproxy.Tests.Simulation;

/// <summary>
/// Somebody at the other end of the daemon's descriptors: who writes commands and reads events, or who reads the log.
/// </summary>
internal sealed class SimPeer(SimKernel kernel, string name, SimStream? source, SimStream? sink, SimProcess? process)
{
    private readonly int _pid = process?.Pid ?? 0;
    private readonly byte[] _chunk = new byte[SimBuffer.Capacity];
    private readonly List<byte> _unsent = [];
    private readonly List<byte> _received = [];
    private readonly List<SimFile> _gets = [];
    private SimStream? _source = source;
    private SimStream? _sink = sink;
    private int _sent;
    private bool _endsInput;

    public string Name => name;

    /// <summary>The stream of its events; null when it reads none, or no longer.</summary>
    public SimStream? Source => _source;

    /// <summary>The stream of its commands.</summary>
    public SimStream? Sink => _sink;

    /// <summary>True if it is a process that has ended: its descriptors are closed.</summary>
    public bool IsGone => process is not null && (process.State != SimProcessState.Running || process.Pid != _pid);

    /// <summary>True if it reads what it is told.</summary>
    public bool Reads { get; set; } = true;

    /// <summary>Files that go along, as descriptors, with what it sends next.</summary>
    public List<SimFile> Passes { get; } = [];

    /// <summary>True if it still has something to write for which there was no room.</summary>
    public bool HasUnsent => _unsent.Count > 0;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (Passes.Count > 0 && _sink is { Out: not null })
        {
            _sink.Out.Attach(bytes.Length, CollectionsMarshal.AsSpan(Passes));
            Passes.Clear();
        }

        _unsent.AddRange(bytes);
        Pump();
    }

    /// <summary>It writes no more; what it wanted to write goes first.</summary>
    public void EndInput()
    {
        _endsInput = true;
        Pump();
    }

    /// <summary>It reads no more, ever.</summary>
    public void EndOutput()
    {
        if (_source is not null)
        {
            kernel.Release(_source);
            _source = null;
        }
    }

    /// <summary>Writes and reads as much as there is and fits; whether anything moved.</summary>
    public bool Pump()
    {
        if (IsGone)
        {
            _source = null;
            _sink = null;
        }

        bool moved = PumpOut();
        while (Reads && _source is { In.Length: > 0 })
        {
            int count = _source.In.Take(_chunk, _gets);
            _received.AddRange(_chunk.AsSpan(0, count));
            foreach (SimFile file in _gets)
            {
                _received.AddRange(Encoding.Latin1.GetBytes($"(with a descriptor, {file.Kind})\n"));
                kernel.Release(file);
            }

            _gets.Clear();
            moved = true;
        }

        return moved;
    }

    /// <summary>The bytes read since the last call: whole lines, and the beginning of one at the end.</summary>
    public string TakeReceived()
    {
        string text = Encoding.Latin1.GetString(CollectionsMarshal.AsSpan(_received));
        _received.Clear();
        return text;
    }

    private bool PumpOut()
    {
        int count = 0;
        if (_sink is { Out.Readers: > 0 } && _unsent.Count > 0)
        {
            count = _sink.Out.Append(CollectionsMarshal.AsSpan(_unsent)[_sent..]);
            _sent += count;
            if (_sent == _unsent.Count)
            {
                _unsent.Clear();
                _sent = 0;
            }
        }

        if (_endsInput && _unsent.Count == 0 && _sink is not null)
        {
            if (_sink == _source && process is null)
            {
                _sink.EndOutput(kernel);
            }

            kernel.Release(_sink);
            _sink = null;
            return true;
        }

        return count > 0;
    }
}

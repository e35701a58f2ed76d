using System.Collections.Generic;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Allocation;

namespace Daemonproxy.Bench;

/// <summary>Each generated writer of events, with the longest that its fields can be.</summary>
public class EventBenchmarks : Measured
{
    private readonly byte[] _buffer = new byte[2 * Limits.LongestEvent];
    private EventWriters.Writer? _write;

    public override IEnumerable<string> Cases => EventWriters.All.Keys;

    public override void Prepare() => _write = EventWriters.All[Case];

    protected override void Run()
    {
        LineWriter line = new(_buffer);
        _write!(ref line);
    }
}

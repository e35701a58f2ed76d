using System.Collections.Generic;
using BenchmarkDotNet.Attributes;

namespace Daemonproxy.Bench;

/// <summary>
/// Something that is done again and again, in several cases: timed by BenchmarkDotNet, and held to allocate nothing by
/// <see cref="AllocationCheck"/>.
/// </summary>
public abstract class Measured
{
    public abstract IEnumerable<string> Cases { get; }

    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = string.Empty;

    [GlobalSetup]
    public virtual void Prepare()
    {
    }

    [Benchmark]
    public virtual void Once() => Run();

    [GlobalCleanup]
    public virtual void Clear()
    {
    }

    protected abstract void Run();
}

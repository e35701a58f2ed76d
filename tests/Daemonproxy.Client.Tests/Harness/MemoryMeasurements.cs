using Xunit;

namespace Daemonproxy.Client.Tests.Harness;

/// <summary>
/// The tests that look at how much memory the process holds. They run after all others and one at a time, since the
/// memory that other tests hold counts too.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryMeasurements
{
    public const string Name = "memory";
}

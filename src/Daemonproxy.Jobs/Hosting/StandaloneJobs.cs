using System.Threading.Tasks;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>Jobs without a host.</summary>
internal sealed class StandaloneJobs(JobsEngine engine) : JobsOverEngine, IDisposableJobs
{
    internal override JobsEngine Engine => engine;

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}

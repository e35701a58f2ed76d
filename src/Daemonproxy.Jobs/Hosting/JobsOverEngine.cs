using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Running;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>The <see cref="IJobs"/> of an engine. Records are read on the thread pool.</summary>
internal abstract class JobsOverEngine : IJobs
{
    /// <summary>The engine.</summary>
    /// <exception cref="JobsException">The engine has not started yet, or has ended.</exception>
    internal abstract JobsEngine Engine { get; }

    public Task<JobInfo> StartAsync(JobRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Engine.StartAsync(request, cancellation);
    }

    public Task<JobInfo?> FindAsync(string name, CancellationToken cancellation = default) =>
        ReadAsync(engine => engine.Find(name), cancellation);

    public Task<JobInfo> GetAsync(string name, CancellationToken cancellation = default) =>
        ReadAsync(engine => engine.Get(name), cancellation);

    public Task<JobRequest> GetRequestAsync(string name, CancellationToken cancellation = default) =>
        ReadAsync(engine => engine.GetRequest(name), cancellation);

    public Task<JobPage> ListAsync(JobFilter? filter = null, CancellationToken cancellation = default)
    {
        JobFilter given = filter ?? new JobFilter();
        return given.Most is < 1 or > JobFilter.MostOnAPage
            ? throw new JobsException(JobsFault.BadRequest, "A page has 1 to 1,000 jobs.")
            : ReadAsync(engine => engine.List(given), cancellation);
    }

    public Task<IReadOnlyDictionary<JobStatus, int>> CountAsync(CancellationToken cancellation = default) =>
        ReadAsync(static engine => engine.Count(), cancellation);

    public Task<JobInfo> WaitAsync(string name, CancellationToken cancellation = default) =>
        Engine.WaitAsync(name, cancellation);

    public Task StopAsync(string name, TimeSpan? grace = null, CancellationToken cancellation = default) =>
        Engine.StopAsync(name, grace, cancellation);

    public Task ForgetAsync(string name, CancellationToken cancellation = default) =>
        Engine.ForgetAsync(name, cancellation);

    public Task<Stream> OpenOutputAsync(
        string name, long offset = 0, bool follow = false, CancellationToken cancellation = default) =>
        ReadAsync(engine => engine.OpenOutput(name, offset, follow), cancellation);

    public IAsyncEnumerable<JobChange> WatchAsync(CancellationToken cancellation = default) =>
        Engine.Watch(cancellation);

    private Task<T> ReadAsync<T>(Func<JobsEngine, T> read, CancellationToken cancellation)
    {
        JobsEngine engine = Engine;
        return Task.Run(() => read(engine), cancellation);
    }
}

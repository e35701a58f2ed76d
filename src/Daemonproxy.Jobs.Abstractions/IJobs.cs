using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs;

/// <summary>
/// The background jobs of an application. All methods are thread-safe; all callers share one connection to the daemon.
/// Each fault is a <see cref="JobsException"/>.
/// </summary>
public interface IJobs
{
    /// <summary>
    /// Accepts a job. The job is on disk when the call returns, and runs once, even if the application is killed
    /// afterwards or the daemon is away.
    /// </summary>
    /// <param name="request">The program to run, and its settings.</param>
    /// <param name="cancellation">Ends the wait; the job may have been accepted.</param>
    /// <exception cref="JobsException">The job was not accepted.</exception>
    Task<JobInfo> StartAsync(JobRequest request, CancellationToken cancellation = default);

    /// <summary>A job by its name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<JobInfo?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>A job by its name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException"><see cref="JobsFault.NotFound"/>.</exception>
    Task<JobInfo> GetAsync(string name, CancellationToken cancellation = default);

    /// <summary>
    /// Returns the request of a job, with arguments and variables but without the name, to start it again. The input is
    /// kept until the job is over; the request of a finished job with an input is refused.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">
    /// <see cref="JobsFault.NotFound"/>, or <see cref="JobsFault.OutputGone"/> if the input is gone.
    /// </exception>
    Task<JobRequest> GetRequestAsync(string name, CancellationToken cancellation = default);

    /// <summary>A page of the jobs, newest first.</summary>
    /// <param name="filter">The filter and the page size; null for the newest hundred.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<JobPage> ListAsync(JobFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>The number of jobs of each status.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyDictionary<JobStatus, int>> CountAsync(CancellationToken cancellation = default);

    /// <summary>Waits until a job is over.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">
    /// <see cref="JobsFault.NotFound"/>, also if the job is forgotten meanwhile.
    /// </exception>
    Task<JobInfo> WaitAsync(string name, CancellationToken cancellation = default);

    /// <summary>
    /// Stops a job: its process gets SIGTERM, and its whole tree SIGKILL after a time. A queued job never runs. The
    /// call returns when the stop is on disk, or the daemon has it; <see cref="WaitAsync"/> waits for the end.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="grace">
    /// The time until SIGKILL, in whole seconds; null for the value of the options.
    /// </param>
    /// <param name="cancellation">Ends the wait; the job may still be stopped.</param>
    /// <exception cref="JobsException"><see cref="JobsFault.NotFound"/>, <see cref="JobsFault.IsOver"/>.</exception>
    Task StopAsync(string name, TimeSpan? grace = null, CancellationToken cancellation = default);

    /// <summary>Removes the record and the output of a job that is over.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException"><see cref="JobsFault.NotFound"/>, <see cref="JobsFault.NotOver"/>.</exception>
    Task ForgetAsync(string name, CancellationToken cancellation = default);

    /// <summary>Opens the output of a job: standard output and standard error.</summary>
    /// <param name="name">The name.</param>
    /// <param name="offset">The first byte; an offset beyond the end means the end.</param>
    /// <param name="follow">True for a stream that ends with the job; false for the output so far.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">
    /// <see cref="JobsFault.NotFound"/>, <see cref="JobsFault.OutputGone"/>, <see cref="JobsFault.Storage"/>.
    /// </exception>
    Task<Stream> OpenOutputAsync(
        string name, long offset = 0, bool follow = false, CancellationToken cancellation = default);

    /// <summary>
    /// The changes of jobs from this call on, each with the job after the change. A reader that is 1,024 changes behind
    /// loses the oldest ones. Then, and after the connection to the daemon was lost, read the list again.
    /// </summary>
    /// <param name="cancellation">Ends the sequence.</param>
    IAsyncEnumerable<JobChange> WatchAsync(CancellationToken cancellation = default);
}

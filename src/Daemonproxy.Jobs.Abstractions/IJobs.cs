using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Jobs;

/// <summary>
/// The background jobs of an application. All methods may be called from any thread, as often as wanted: there is one
/// connection to the daemon whatever the number of callers. Each fault is a <see cref="JobsException"/>.
/// </summary>
public interface IJobs
{
    /// <summary>
    /// Accepts a job. It is on disk when this returns, and is run once: whatever happens to the application afterwards,
    /// and whether or not the daemon is there.
    /// </summary>
    /// <param name="request">What is to be run.</param>
    /// <param name="cancellation">Ends the wait; the job may have been accepted.</param>
    /// <exception cref="JobsException">It was not accepted.</exception>
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
    /// The request that a job was started with, its arguments and variables included, without a name: to start it
    /// again. Its input is there until the job is over; a request of one that had an input, and is over, is refused.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">
    /// <see cref="JobsFault.NotFound"/>, or <see cref="JobsFault.OutputGone"/> of the input.
    /// </exception>
    Task<JobRequest> GetRequestAsync(string name, CancellationToken cancellation = default);

    /// <summary>A page of the jobs, newest first.</summary>
    /// <param name="filter">Which, and how many; null for the newest hundred.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<JobPage> ListAsync(JobFilter? filter = null, CancellationToken cancellation = default);

    /// <summary>How many jobs there are of each status.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyDictionary<JobStatus, int>> CountAsync(CancellationToken cancellation = default);

    /// <summary>Waits until a job is over.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException"><see cref="JobsFault.NotFound"/>; also when it is forgotten
    /// meanwhile.</exception>
    Task<JobInfo> WaitAsync(string name, CancellationToken cancellation = default);

    /// <summary>
    /// Stops a job: its process gets SIGTERM, and its whole tree SIGKILL after a time. A queued one is not run any
    /// more. It ends when the stop is on disk, or the daemon has it; <see cref="WaitAsync"/> waits for the end.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="grace">
    /// The time until SIGKILL, in whole seconds; null for what the options of the jobs say.
    /// </param>
    /// <param name="cancellation">Ends the wait; the job may be stopped all the same.</param>
    /// <exception cref="JobsException"><see cref="JobsFault.NotFound"/>, <see cref="JobsFault.IsOver"/>.</exception>
    Task StopAsync(string name, TimeSpan? grace = null, CancellationToken cancellation = default);

    /// <summary>Removes the record and the output of a job that is over.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException"><see cref="JobsFault.NotFound"/>, <see cref="JobsFault.NotOver"/>.</exception>
    Task ForgetAsync(string name, CancellationToken cancellation = default);

    /// <summary>Opens what a job prints, standard output and standard error.</summary>
    /// <param name="name">The name.</param>
    /// <param name="offset">From which byte on; one beyond the end is the end.</param>
    /// <param name="follow">True for a stream that ends with the job; false for what there is now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="JobsException">
    /// <see cref="JobsFault.NotFound"/>, <see cref="JobsFault.OutputGone"/>, <see cref="JobsFault.Storage"/>.
    /// </exception>
    Task<Stream> OpenOutputAsync(
        string name, long offset = 0, bool follow = false, CancellationToken cancellation = default);

    /// <summary>
    /// The jobs that change, from this call on, each as it is after the change. A reader that is 1,024 changes behind
    /// loses the oldest: then, and after a connection to the daemon was lost, ask for the list again.
    /// </summary>
    /// <param name="cancellation">Ends it.</param>
    IAsyncEnumerable<JobChange> WatchAsync(CancellationToken cancellation = default);
}

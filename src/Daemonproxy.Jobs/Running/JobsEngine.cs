using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Hosting;
using Daemonproxy.Jobs.Outputs;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;
using Microsoft.Extensions.Logging;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// Runs the jobs of one application. One loop takes requests of callers and events of the daemon, lets the scheduler
/// decide, records all changes in one transaction, and only then carries out the decisions. Commands to the daemon and
/// files are handled outside of the loop; their results come back into it.
/// </summary>
internal sealed partial class JobsEngine : IAsyncDisposable
{
    private readonly JobsOptions _options;
    private readonly ILogger _log;
    private readonly ServiceNames _names;
    private readonly JobServiceReader _sight;
    private readonly RequestReader _requests;
    private readonly JobFiles _files;
    private readonly FileStream _lock;
    private readonly JobStore _store;
    private readonly Scheduler _scheduler;
    private readonly OutputWatcher _watcher;
    private readonly JobsMetrics _metrics;
    private readonly ChangeHub _changes = new();
    private readonly EngineInbox _inbox = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly WorkThread _worker = new("Jobs, work");
    private readonly TaskCounter _underWay;
    private readonly DaemonClient _client;
    private readonly TaskCompletionSource _loop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _following = Task.CompletedTask;
    private DaemonState? _state;
    private JobStarter? _starter;
    private int _isDisposed;

    private JobsEngine(
        JobsOptions options, string application, JobFiles files, FileStream directoryLock, JobStore store, ILogger log,
        IMeterFactory? meters)
    {
        _options = options;
        _log = log;
        _files = files;
        _lock = directoryLock;
        _store = store;
        _names = new ServiceNames(options.Prefix, application);
        _sight = new JobServiceReader(_names);
        _requests = new RequestReader(options, application);
        _watcher = new OutputWatcher(files.Outputs);
        _scheduler = new Scheduler(new SchedulerLimits(
            options.MostAtOnce, options.MostInAQueue, new Dictionary<string, int>(options.Queues), options.StopGrace));
        _metrics = new JobsMetrics(meters, this);
        _underWay = new TaskCounter(_worker);
        Load();
        _client = DaemonClient.Start(options.Socket);

        // A separate thread: it waits for the disk, so that nothing else of the application has to.
        new Thread(Run) { IsBackground = true, Name = "Jobs, records" }.Start();
    }

    /// <summary>The link to the daemon; for the health check.</summary>
    public LinkStatus Link => _client.Status;

    /// <summary>The current fault of the records; null if there is none.</summary>
    public JobsException? StorageFault { get; private set; }

    /// <summary>The reason why no job is started; null if there is none.</summary>
    public Obstacle? Obstacle { get; private set; }

    /// <summary>
    /// The numbers of waiting jobs, and of running jobs of each queue, as of the last turn of the loop.
    /// </summary>
    public JobCounts Counts { get; private set; } = new(0, new Dictionary<string, int>());

    /// <summary>For tests: called with the names of points at which a crash is tested.</summary>
    internal static Action<string>? Reached { get; set; }

    /// <summary>Opens the directory and starts the engine. The call does not wait for the daemon.</summary>
    /// <exception cref="JobsException">The directory cannot be used.</exception>
    public static async Task<JobsEngine> StartAsync(
        JobsOptions options, ILogger log, IMeterFactory? meters, CancellationToken cancellation)
    {
        string application = OptionsCheck.ApplicationOf(options);
        var files = new JobFiles(options.Directory);
        FileStream directoryLock = await LockAsync(files, options.DirectoryWait, cancellation).ConfigureAwait(false);
        JobStore? store = null;
        try
        {
            store = JobStore.Open(files.Records);
            files.Sweep(store.LoadIds());
            var engine = new JobsEngine(options, application, files, directoryLock, store, log, meters);
            engine._following = Task.Run(engine.FollowAsync, CancellationToken.None);
            return engine;
        }
        catch
        {
            store?.Dispose();
            await directoryLock.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Ends the work of this process: starts in progress are completed, jobs keep running, and the next process starts
    /// the waiting ones.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            await _loop.Task.ConfigureAwait(false);
            return;
        }

        _inbox.Complete();
        await _loop.Task.ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _underWay.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        await _client.DisposeAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _changes.End();
        _starter?.Dispose();
        _worker.End();
        _watcher.Dispose();
        _metrics.Dispose();
        _store.Dispose();
        await _lock.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
        _connecting.Dispose();
    }

    private static async Task<FileStream> LockAsync(JobFiles files, TimeSpan wait, CancellationToken cancellation)
    {
        long end = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        while (true)
        {
            try
            {
                // flock(2): the lock ends with the process, however that ends.
                return new FileStream(files.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException problem) when (problem.HResult is 11 or -2147024864 && Environment.TickCount64 < end)
            {
                await Task.Delay(100, cancellation).ConfigureAwait(false);
            }
            catch (IOException problem)
            {
                throw problem.HResult is 11 or -2147024864
                    ? new JobsException(
                        JobsFault.DirectoryInUse, $"Another process uses the directory {files.Root}.", problem)
                    : JobStore.FaultOf(problem);
            }
            catch (UnauthorizedAccessException problem)
            {
                throw new JobsException(JobsFault.Storage, problem.Message, problem);
            }
        }
    }

    private void Load()
    {
        Moment now = Moment.Now;
        foreach (Job job in _store.LoadUnfinished(now))
        {
            _scheduler.Add(job, now);
        }
    }

    // False if the engine has ended.
    private bool Post(Action action) => _inbox.Post(action);

    private static JobsException Ended() =>
        new(JobsFault.NotRunning, "The application has ended its jobs: this process is shutting down.");
}

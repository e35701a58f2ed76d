using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Hosting;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;

namespace Daemonproxy.Jobs.Running;

/// <summary>Follows the daemon: the connection, and the changes of services.</summary>
internal sealed partial class JobsEngine
{
    // A killed process may have left commands in its socket. The daemon reads 16 kB of each connection in a turn, and a
    // socket holds 208 kB: after so many answers none of them is left.
    private const int RoundsOfFence = 32;

    private static readonly TimeSpan _markDelay = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _connecting = new(1);
    private bool _isFenced;

    // The identifier of the scheduler's daemon. Only the loop changes it.
    private string? _epoch;

    private async Task FollowAsync()
    {
        IAsyncEnumerable<DaemonEvent> events = _client.ReadEventsAsync(_closing.Token);
        Task reading = _worker.RunAsync(() => ReadEventsAsync(events));
        try
        {
            _state = await _client.FollowStateAsync(_closing.Token).ConfigureAwait(false);
            _starter = new JobStarter(_client, _state, _names, _files, _store);
            await foreach (LinkStatus status in _client.ReadStatusesAsync(_closing.Token).ConfigureAwait(false))
            {
                Log.Link(_log, _options.Socket, status);
                if (status.State == LinkState.Connected)
                {
                    await ConnectAsync().ConfigureAwait(false);
                }
                else
                {
                    Post(Disconnect);
                }
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or ConnectionClosedException
            or ObjectDisposedException)
        {
            // The end.
        }
#pragma warning disable CA1031 // No other event may follow, so this one must be handled.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Log.Unexpected(_log, problem);
        }

        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadEventsAsync(IAsyncEnumerable<DaemonEvent> events)
    {
        await foreach (DaemonEvent received in events.ConfigureAwait(true))
        {
            if (received is ServiceStateDeletedEvent or ServiceTagsEvent && IsAboutMark(received))
            {
                _underWay.Run(CheckMarkAsync);
            }

            ServiceName? service = received switch
            {
                ServiceStateEvent one => one.Name,
                ServiceFailedEvent one => one.Name,
                ServiceStopEvent one => one.Name,
                ServiceEmptyEvent one => one.Name,
                _ => default(ServiceName?),
            };
            if (service is { } name && _names.JobOf(name) is { } job)
            {
                Post(() => Look(job));
            }
        }
    }

    private bool IsAboutMark(DaemonEvent received) =>
        (received as ServiceStateDeletedEvent)?.Name.Text == _names.Mark
        || (received as ServiceTagsEvent)?.Name.Text == _names.Mark;

    // Another controller deleted the mark, or took it over.
    private async Task CheckMarkAsync()
    {
        if (_state?.Whole is not { } whole || IsMarked(whole, Volatile.Read(ref _epoch)))
        {
            return;
        }

        try
        {
            Post(Disconnect);
            await ConnectAsync().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private void Look(string name)
    {
        if (_scheduler.Find(name) is { } job)
        {
            _scheduler.Look(job, SightOf(job), Moment.Now);
        }
    }

    // Until it works, or the connection is lost again.
    private async Task ConnectAsync()
    {
        await _connecting.WaitAsync(_closing.Token).ConfigureAwait(false);
        try
        {
            await MarkAsync().ConfigureAwait(false);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private async Task MarkAsync()
    {
        while (_client.Status.State == LinkState.Connected && !_closing.IsCancellationRequested)
        {
            try
            {
                if (!_isFenced)
                {
                    for (int round = 0; round < RoundsOfFence; round++)
                    {
                        await _client.SynchronizeAsync(_closing.Token).ConfigureAwait(false);
                    }

                    _isFenced = true;
                }

                if (await FindEpochAsync().ConfigureAwait(false) is { } epoch)
                {
                    Post(() => Connect(epoch));
                }

                return;
            }
            catch (Exception problem) when (problem is CommandFailedException or AnswerLostException
                or ConnectionClosedException)
            {
                Log.MarkFails(_log, problem.Message);
                Obstacle = ObstacleOf(problem);
                await Task.Delay(_markDelay, _closing.Token).ConfigureAwait(false);
            }
        }
    }

    // The mark of this application in the daemon. If it is missing, it is made: such a daemon has no jobs of this
    // application.
    private async Task<string?> FindEpochAsync()
    {
        ServiceName mark = _names.Mark;
        if (_state!.Whole is not { } whole)
        {
            return null;
        }

        string? found = whole.Services.TryGetValue(mark, out ServiceInfo? service) ? MarkOf(service.Tags) : null;
        string[] words = found?.Split(' ') ?? [];
        if (words is [string directory, string epoch] && directory == _store.DirectoryId)
        {
            Obstacle = null;
            return epoch;
        }

        if (service is not null && !_options.TakesOver)
        {
            Obstacle = new Obstacle(
                JobsFault.ApplicationTaken,
                $"Another application '{_names.Application}' has its jobs in this daemon: choose another name, or set"
                + " TakesOver if its directory was lost.");
            Log.Conflict(_log, Obstacle.Text);
            return null;
        }

        string made = RandomNumberGenerator.GetHexString(16, lowercase: true);
        await _client.ServiceTagAsync(mark, ServiceNames.MarkKey, $"{_store.DirectoryId} {made}", _closing.Token)
            .ConfigureAwait(false);
        Obstacle = null;
        return made;
    }

    // A full table and a lost connection are temporary, and no obstacle.
    private Obstacle? ObstacleOf(Exception problem) =>
        problem is CommandFailedException { Kind: ErrorKind.NotAllowed or ErrorKind.ServiceUnknown } refused
            ? new Obstacle(
                JobsFault.NotAllowed,
                $"The control socket {_options.Socket} refuses services that begin with '{_options.Prefix}'"
                + $" ({refused.Text}): it needs the right jobs, and a prefix that this one begins with.")
            : null;

    private static string? MarkOf(TextList tags) =>
        tags.FirstOrDefault(static tag => tag.StartsWith($"{ServiceNames.MarkKey}=", StringComparison.Ordinal))?
            [(ServiceNames.MarkKey.Length + 1)..];

    private bool IsMarked(StateSnapshot whole, string? epoch) =>
        epoch is not null
        && whole.Services.TryGetValue(_names.Mark, out ServiceInfo? mark)
        && MarkOf(mark.Tags) == $"{_store.DirectoryId} {epoch}";

    private void Disconnect()
    {
        _epoch = null;
        _scheduler.Disconnect();
    }

    // Reads all services of the daemon. If the connection was lost meanwhile, the next connection does that.
    private void Connect(string epoch)
    {
        if (_state?.Whole is not { } whole || !IsMarked(whole, epoch))
        {
            return;
        }

        _epoch = epoch;
        Moment now = Moment.Now;
        List<ServiceView> views = [];
        foreach (ServiceInfo service in whole.Services.Values)
        {
            if (_names.JobOf(service.Name) is { } name && _sight.ViewOf(service, now) is { } view)
            {
                if (_scheduler.FindById(view.Id) is not null || Adopt(name, service, view, now))
                {
                    views.Add(view);
                }

                if (view.Standing is not (ServiceStanding.Never or ServiceStanding.Waiting))
                {
                    _underWay.Run(() => _starter!.CloseDescriptorsAsync(name));
                }
            }
        }

        _scheduler.Connect(epoch, views, now);
    }

    // A service of ours without an unfinished job: its job is over and the service was not removed, or its record is
    // lost.
    private bool Adopt(string name, ServiceInfo service, ServiceView view, Moment now)
    {
        JobTag tag = JobTag.Find(service.Tags, _names.TagKey)!;
        if (_store.HasId(view.Id) || _store.HasName(name) || _scheduler.Find(name) is not null)
        {
            if (view.Standing is ServiceStanding.Never or ServiceStanding.Down)
            {
                _underWay.Run(() => _starter!.DeleteAsync(name));
            }

            return false;
        }

        string program = service.Args.Count > 0 ? service.Args[0] : "?";
        var job = new Job(new JobTerms(view.Id, name, ++_store.LastSequence, tag.Queue)
        {
            Created = tag.Created,
            TimeLimit = tag.TimeLimit,
            KeepFor = tag.KeepFor,
            Program = program,
        })
        {
            Phase = JobPhase.Starting,
            Attempt = tag.Attempt,
            IsAccepted = view.Standing is ServiceStanding.Up or ServiceStanding.Down,
            Reason = "Its record was lost, and was restored from the state of the daemon.",
        };
        var spec = new JobSpec(
            program, Kernel.Texts.Join(service.Args.DefaultIfEmpty("?"), "An argument"), [],
            ClearsEnvironment: false, Directory: null, Limits: "", HasInput: false);
        var added = new NewJob(job, spec);
        var caller = new TaskCompletionSource<JobInfo>();
        _ = caller.Task.ContinueWith(
            static task => _ = task.Exception, default, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _added.Add((added, caller));
        _scheduler.Add(job, now);
        return true;
    }
}

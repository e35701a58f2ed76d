using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Outputs;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// Makes the service of a try and starts it. The claim comes first, with the tag that identifies the owner; the start
/// comes last, when all other commands are answered. So an incomplete service can be recognized as ours, and as not
/// started.
/// </summary>
internal sealed class JobStarter(
    IDaemon daemon, DaemonState state, ServiceNames names, JobFiles files, JobStore store) : IDisposable
{
    /// <summary>If the arguments exceed the daemon's limit for a descriptor, they are passed through bash.</summary>
    public const int MostFromDescriptor = 128 * 1024;

    // Longer arguments are passed by a descriptor: the texts of a socket's services have 4 kB each.
    private const int MostOfLine = 1500;

    // The daemon keeps two descriptors of a connection that no line has taken.
    private readonly SemaphoreSlim _takes = new(2);

    // Descriptors whose deletion is in progress: the end of a start and the end of a job may coincide.
    private readonly ConcurrentDictionary<string, bool> _closed = new(StringComparer.Ordinal);

    public void Dispose() => _takes.Dispose();

    /// <summary>Starts a try.</summary>
    public async Task<(LaunchResult Result, string? Reason)> LaunchAsync(LaunchOrder order)
    {
        try
        {
            JobSpec spec = order.Spec ?? store.FindSpec(order.Id)
                ?? throw new LaunchException(LaunchResult.Impossible, "Its record is not complete.");
            await ClaimAsync(order).ConfigureAwait(true);
            await MakeAsync(order, spec).ConfigureAwait(true);
        }
        catch (Exception problem)
        {
            return ResultOf(problem);
        }

        return await StartAsync(names.ServiceOf(order.Name), order.Tag).ConfigureAwait(true);
    }

    /// <summary>Waits until the process has its descriptors, and closes those of the daemon.</summary>
    public async Task ReleaseAsync(string job, CancellationToken cancellation)
    {
        ServiceName service = names.ServiceOf(job);
        if (!HasDescriptors(state.Current.Services.GetValueOrDefault(service)))
        {
            await state.WaitAsync(service, HasDescriptors, cancellation).ConfigureAwait(true);
        }

        await CloseDescriptorsAsync(job).ConfigureAwait(true);
    }

    /// <summary>Closes the daemon's descriptors of a job.</summary>
    public Task CloseDescriptorsAsync(string job)
    {
        StateSnapshot now = state.Current;
        return Task.WhenAll(names.DescriptorsOf(job)
            .Where(name => now.Fds.ContainsKey(name) && _closed.TryAdd(name, true))
            .Select(CloseAsync));
    }

    /// <summary>Removes the service of a try that is over.</summary>
    public async Task DeleteAsync(string job)
    {
        Task closed = CloseDescriptorsAsync(job);
        Task deleted = IgnoreAsync(daemon.ServiceDeleteAsync(names.ServiceOf(job)));
        await Task.WhenAll(closed, deleted).ConfigureAwait(true);
    }

    /// <summary>Stops the service of a try.</summary>
    public Task StopAsync(string job, int seconds) =>
        IgnoreAsync(daemon.ServiceStopAsync(names.ServiceOf(job), seconds));

    private static bool HasDescriptors(ServiceInfo? service) =>
        service?.Phase is not (ServicePhase.Never or ServicePhase.Waiting);

    // If two applications claim the same name, the daemon runs one command after the other, and the answer to the
    // second has both tags.
    private async Task ClaimAsync(LaunchOrder order)
    {
        ServiceName service = names.ServiceOf(order.Name);
        if (state.Current.Services.TryGetValue(service, out ServiceInfo? there)
            && JobTag.Find(there.Tags, names.TagKey)?.Id != order.Id)
        {
            throw Taken(service);
        }

        CommandResult claimed = await daemon.ServiceTagAsync(service, names.TagKey, order.Tag.ToString())
            .ConfigureAwait(true);
        TextList tags = claimed.Answers.OfType<ServiceTagsEvent>().LastOrDefault(tags => tags.Name == service)?.Tags
            ?? default;
        if (tags.Any(tag => tag.StartsWith("job.", StringComparison.Ordinal)
            && !tag.StartsWith($"{names.TagKey}=", StringComparison.Ordinal)))
        {
            await IgnoreAsync(daemon.ServiceTagAsync(service, names.TagKey)).ConfigureAwait(true);
            throw Taken(service);
        }
    }

    private async Task MakeAsync(LaunchOrder order, JobSpec spec)
    {
        byte[] arguments = spec.Arguments;
        bool isLine = IsLine(arguments);
        bool isLong = arguments.Length > MostFromDescriptor;
        if (spec.HasInput)
        {
            await TakeAsync(() => files.OpenInput(order.Id), names.InputOf(order.Name)).ConfigureAwait(true);
        }

        if (!isLine)
        {
            await TakeAsync(
                () => KernelFiles.CreateMemory("arguments", arguments), names.ArgumentsOf(order.Name))
                .ConfigureAwait(true);
        }

        if (spec.Environment.Length > 0)
        {
            await TakeAsync(
                () => KernelFiles.CreateMemory("environment", spec.Environment), names.EnvironmentOf(order.Name))
                .ConfigureAwait(true);
        }

        await TakeAsync(
            () => files.OpenForJob(order.Name, order.Id), names.OutputOf(order.Name),
            () => AllAsync([.. Settings(order, spec, isLine, isLong)])).ConfigureAwait(true);
    }

    // They are answered in their order. Task.WhenAll would go through the pool at each answer.
    private static async Task AllAsync(Task[] commands)
    {
        foreach (Task command in commands)
        {
            await command.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        await Task.WhenAll(commands).ConfigureAwait(true);
    }

    // They are called one after the other, and awaited together.
    private IEnumerable<Task> Settings(LaunchOrder order, JobSpec spec, bool isLine, bool isLong)
    {
        ServiceName service = names.ServiceOf(order.Name);
        foreach (Task setting in Settings(order, spec))
        {
            yield return setting;
        }

        string input = spec.HasInput ? names.InputOf(order.Name) : "null";
        string output = names.OutputOf(order.Name);
        if (isLong)
        {
            yield return daemon.ServiceArgsAsync(service, [.. BashBridge.Command()]);
            yield return daemon.ServiceFdsAsync(service, input, output, output, names.ArgumentsOf(order.Name));
        }
        else
        {
            yield return isLine
                ? daemon.ServiceArgsAsync(service, [.. Texts.Split(spec.Arguments)])
                : daemon.ServiceArgsFromAsync(service, names.ArgumentsOf(order.Name));
            yield return daemon.ServiceFdsAsync(service, input, output, output);
        }
    }

    private IEnumerable<Task> Settings(LaunchOrder order, JobSpec spec)
    {
        ServiceName service = names.ServiceOf(order.Name);
        yield return daemon.ServiceProcessAsync(service, "session");
        foreach ((string key, string value) in order.Tags)
        {
            yield return daemon.ServiceTagAsync(service, key, value);
        }

        if (spec.Directory is not null)
        {
            yield return daemon.ServiceDirAsync(service, spec.Directory);
        }

        if (spec.Limits.Length > 0)
        {
            yield return daemon.ServiceLimitsAsync(service, [.. spec.Limits.Split(' ')]);
        }

        if (spec.ClearsEnvironment)
        {
            yield return daemon.ServiceEnvAsync(service, "-");
        }

        if (spec.Environment.Length > 0)
        {
            yield return daemon.ServiceEnvFromAsync(service, names.EnvironmentOf(order.Name));
        }
    }

    // A start that the client sends to another daemon fails there, because the service does not exist.
    private async Task<(LaunchResult Result, string? Reason)> StartAsync(ServiceName service, JobTag tag)
    {
        if (state.Whole is not { } whole || !whole.Services.TryGetValue(service, out ServiceInfo? made)
            || JobTag.Find(made.Tags, names.TagKey) is not { } there || there.Id != tag.Id
            || there.Attempt != tag.Attempt)
        {
            return (LaunchResult.Refused, "The connection to the daemon was lost before its start.");
        }

        try
        {
            await daemon.ServiceStartAsync(service).ConfigureAwait(true);
            return (LaunchResult.Accepted, null);
        }
        catch (CommandFailedException problem) when (problem.Kind == ErrorKind.NotStartable)
        {
            return (LaunchResult.Accepted, null);
        }
        catch (CommandFailedException problem) when (problem.Kind != ErrorKind.Internal)
        {
            return ResultOf(problem);
        }
        catch (Exception problem) when (problem is CommandFailedException or AnswerLostException
            or ConnectionClosedException or ObjectDisposedException)
        {
            return (LaunchResult.Unknown, null);
        }
    }

    private async Task CloseAsync(string name)
    {
        await IgnoreAsync(daemon.FdDeleteAsync(name)).ConfigureAwait(true);
        _closed.TryRemove(name, out _);
    }

    // The following commands are sent without waiting.
    private async Task TakeAsync(Func<SafeFileHandle> open, string name, Func<Task>? follow = null)
    {
        Task following = Task.CompletedTask;
        await _takes.WaitAsync().ConfigureAwait(true);
        try
        {
            using SafeFileHandle handle = open();
            Task taken = daemon.FdTakeAsync(handle, name);
            following = follow?.Invoke() ?? following;
            await taken.ConfigureAwait(true);
        }
        catch
        {
            await following.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            throw;
        }
        finally
        {
            _takes.Release();
        }

        await following.ConfigureAwait(true);
    }

    // A fault before the start: the process was not started.
    private static (LaunchResult Result, string? Reason) ResultOf(Exception problem) => problem switch
    {
        LaunchException launch => (launch.Result, launch.Message),
        CommandFailedException { Kind: ErrorKind.NotAllowed } =>
            (LaunchResult.Impossible, "The control socket does not allow it, or another owner has its name."),
        CommandFailedException { Kind: ErrorKind.BadLimit or ErrorKind.BadEnv or ErrorKind.BadProcessWord } failed =>
            (LaunchResult.Impossible, $"The daemon refused {failed.Command}: {failed.Text}."),
        CommandFailedException { Kind: ErrorKind.ServiceFull or ErrorKind.FdFull } =>
            (LaunchResult.Refused, "The daemon has no room for another job; it is tried again."),
        CommandFailedException failed =>
            (LaunchResult.Refused, $"The daemon refused {failed.Command}: {failed.Text}; it is tried again."),
        IOException file and not ConnectionClosedException =>
            (LaunchResult.Refused, $"{JobStore.FaultOf(file).Message.TrimEnd('.')}; it is tried again."),
        JobsException jobs => (LaunchResult.Refused, $"{jobs.Message.TrimEnd('.')}; it is tried again."),
        ArgumentException wrong => (LaunchResult.Impossible, wrong.Message),
        _ => (LaunchResult.Refused, "The connection to the daemon was lost before its start."),
    };

    private static LaunchException Taken(ServiceName service) =>
        new(LaunchResult.Impossible, $"Another controller has a service {service} in the daemon.");

    // A field of a line has no TAB and no line feed; an empty one may be lost at the end of a line.
    private static bool IsLine(byte[] arguments) =>
        arguments.Length <= MostOfLine
        && arguments.AsSpan().IndexOfAny((byte)'\t', (byte)'\n') < 0
        && arguments[0] != 0
        && arguments.AsSpan().IndexOf("\0\0"u8) < 0;

    // The service is gone already, or the connection is lost: the state of the daemon decides the next step.
    private static async Task IgnoreAsync(Task command)
    {
        try
        {
            await command.ConfigureAwait(true);
        }
        catch (Exception problem) when (problem is CommandFailedException or AnswerLostException
            or ConnectionClosedException or ObjectDisposedException)
        {
            // As above.
        }
    }
}

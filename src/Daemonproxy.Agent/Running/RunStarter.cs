using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Client;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Jobs.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Agent.Running;

/// <summary>
/// Makes the service of a run and starts it. The tag comes first, and the start last, when all other commands are
/// answered. So an incomplete service can be recognized as one of this agent, and as not started.
/// </summary>
internal sealed class RunStarter(
    AgentOptions options, IDaemon daemon, DaemonState state, RunServiceReader sight, RunFiles files, AgentStore store)
    : IDisposable
{
    // Longer texts are passed by a descriptor: the texts of a socket's services have 4 kB each.
    private const int MostOfLine = 1500;

    // The daemon keeps two descriptors of a connection that no line has taken.
    private readonly SemaphoreSlim _takes = new(2);

    public void Dispose() => _takes.Dispose();

    /// <summary>Starts a run.</summary>
    public async Task<(LaunchResult Result, string? Reason)> LaunchAsync(Run run)
    {
        RunTerms terms = run.Terms;
        ServiceName service = sight.ServiceOf(terms.Name);
        try
        {
            FleetSpec spec = FleetSpec.Read(terms.Spec);
            string program = Texts.Split(spec.Arguments)[0];
            if (!options.Programs.Contains("*") && !options.Programs.Contains(program))
            {
                return (LaunchResult.Impossible, $"Machine {options.Name} does not run {program}.");
            }

            if (state.Current.Services.ContainsKey(service))
            {
                return (LaunchResult.Refused, $"Machine {options.Name} has another service {service}.");
            }

            byte[]? input = terms.HasInput ? await store.InputOfAsync(terms.Name).ConfigureAwait(false) : null;
            await MakeAsync(service, terms, spec, input).ConfigureAwait(false);
        }
        catch (JsonException problem)
        {
            return (
                LaunchResult.Refused,
                $"Machine {options.Name} does not understand the record and left it to others: {problem.Message}");
        }
        catch (Exception problem)
        {
            return ResultOf(problem);
        }

        return await StartAsync(service, terms).ConfigureAwait(false);
    }

    /// <summary>Removes the service of a run and its descriptors.</summary>
    public async Task DeleteAsync(Run run)
    {
        Task closed = CloseAsync(run.Terms.Name);
        ServiceName service = sight.ServiceOf(run.Terms.Name);
        if (state.Current.Services.TryGetValue(service, out ServiceInfo? there)
            && RunTag.Find(there.Tags, options.Name, run.Terms.Name, "")?.Fence == run.Terms.Fence)
        {
            await IgnoreAsync(daemon.ServiceDeleteAsync(service)).ConfigureAwait(false);
        }

        await closed.ConfigureAwait(false);
    }

    /// <summary>Stops the service of a run.</summary>
    public Task StopAsync(Run run, int seconds) =>
        IgnoreAsync(daemon.ServiceStopAsync(sight.ServiceOf(run.Terms.Name), seconds));

    private Task CloseAsync(string job)
    {
        StateSnapshot now = state.Current;
        string service = sight.ServiceOf(job);
        return Task.WhenAll("oiae".Select(letter => service + letter)
            .Where(name => now.Fds.ContainsKey(name))
            .Select(name => IgnoreAsync(daemon.FdDeleteAsync(name))));
    }

    // One after the other on one connection: the tag is first. Without its answer it is unknown what has to be deleted.
    private async Task MakeAsync(ServiceName service, RunTerms terms, FleetSpec spec, byte[]? input)
    {
        Task tag = daemon.ServiceTagAsync(service, RunTag.Key, RunTag.Write(options.Name, terms));
        Task rest = MakeRestAsync(service, terms, spec, input);
        await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await tag.ConfigureAwait(false);
        await rest.ConfigureAwait(false);
    }

    // A descriptor comes before the settings that name it.
    private async Task MakeRestAsync(ServiceName service, RunTerms terms, FleetSpec spec, byte[]? input)
    {
        if (input is not null)
        {
            await TakeAsync(() => KernelFiles.CreateMemory("input", input), $"{service.Text}i").ConfigureAwait(false);
        }

        bool isLine = IsLine(spec.Arguments);
        if (!isLine)
        {
            await TakeAsync(() => KernelFiles.CreateMemory("arguments", spec.Arguments), $"{service.Text}a")
                .ConfigureAwait(false);
        }

        if (spec.Environment.Length > 0)
        {
            await TakeAsync(() => KernelFiles.CreateMemory("environment", spec.Environment), $"{service.Text}e")
                .ConfigureAwait(false);
        }

        await TakeAsync(
            () => files.Create(terms),
            $"{service.Text}o",
            () => Task.WhenAll(Settings(service, terms, spec, isLine, input is not null))).ConfigureAwait(false);
    }

    private IEnumerable<Task> Settings(
        ServiceName service, RunTerms terms, FleetSpec spec, bool isLine, bool hasInput)
    {
        string output = $"{service.Text}o";
        yield return daemon.ServiceProcessAsync(service, "session");
        yield return daemon.ServiceFdsAsync(service, hasInput ? $"{service.Text}i" : "null", output, output);
        yield return isLine
            ? daemon.ServiceArgsAsync(service, [.. Texts.Split(spec.Arguments)])
            : daemon.ServiceArgsFromAsync(service, $"{service.Text}a");
        List<string> environment =
        [
            $"DAEMONPROXY_JOB={terms.Name}",
            string.Create(CultureInfo.InvariantCulture, $"DAEMONPROXY_FENCE={terms.Fence}"),
            $"DAEMONPROXY_MACHINE={options.Name}",
        ];
        if (spec.ClearsEnvironment)
        {
            environment.Insert(0, "-");
        }

        yield return daemon.ServiceEnvAsync(service, [.. environment]);
        if (spec.Environment.Length > 0)
        {
            yield return daemon.ServiceEnvFromAsync(service, $"{service.Text}e");
        }

        foreach ((string key, string value) in spec.Tags)
        {
            yield return daemon.ServiceTagAsync(service, key, value);
        }

        if (spec.Directory is not null)
        {
            yield return daemon.ServiceDirAsync(service, spec.Directory);
        }

        if (spec.Limits.Count > 0)
        {
            yield return daemon.ServiceLimitsAsync(service, [.. spec.Limits]);
        }
    }

    // A start that the client sends to another daemon fails there, because the service does not exist.
    private async Task<(LaunchResult Result, string? Reason)> StartAsync(ServiceName service, RunTerms terms)
    {
        if (state.Whole is not { } whole || !whole.Services.TryGetValue(service, out ServiceInfo? made)
            || RunTag.Find(made.Tags, options.Name, terms.Name, "")?.Fence != terms.Fence)
        {
            return (LaunchResult.Refused, "The connection to the daemon was lost before its start.");
        }

        try
        {
            await daemon.ServiceStartAsync(service).ConfigureAwait(false);
            return (LaunchResult.Accepted, null);
        }
        catch (CommandFailedException problem) when (problem.Kind != ErrorKind.Internal)
        {
            return ResultOf(problem);
        }
        catch (Exception problem) when (IsLost(problem))
        {
            return (LaunchResult.Unknown, null);
        }
    }

    // What is sent with it is answered, too, when this ends.
    private async Task TakeAsync(Func<SafeFileHandle> open, string name, Func<Task>? with = null)
    {
        Task rest;
        await _takes.WaitAsync().ConfigureAwait(false);
        try
        {
            using SafeFileHandle handle = open();
            Task taken = daemon.FdTakeAsync(handle, name);
            rest = with?.Invoke() ?? Task.CompletedTask;
            await taken.ConfigureAwait(false);
        }
        finally
        {
            _takes.Release();
        }

        await rest.ConfigureAwait(false);
    }

    // A fault before the start: the process was not started.
    private static (LaunchResult Result, string? Reason) ResultOf(Exception problem) => problem switch
    {
        CommandFailedException { Kind: ErrorKind.BadLimit or ErrorKind.BadEnv } failed =>
            (LaunchResult.Impossible, $"The daemon refused {failed.Command}: {failed.Text}."),
        CommandFailedException { Kind: ErrorKind.ServiceFull or ErrorKind.FdFull } failed =>
            (LaunchResult.Unable, $"The daemon refused {failed.Command}: {failed.Text}."),
        CommandFailedException failed =>
            (LaunchResult.Refused, $"The daemon refused {failed.Command}: {failed.Text}."),
        IOException file and not ConnectionClosedException => (LaunchResult.Unable, file.Message),
        ArgumentException wrong => (LaunchResult.Impossible, wrong.Message),
        _ when IsLost(problem) =>
            (LaunchResult.Refused, "The connection to the daemon was lost before its start."),
        _ => (LaunchResult.Refused, problem.Message),
    };

    // A field of a line has no TAB and no line feed; an empty one may be lost at the end of a line.
    private static bool IsLine(byte[] arguments) =>
        arguments.Length <= MostOfLine
        && arguments.AsSpan().IndexOfAny((byte)'\t', (byte)'\n') < 0
        && arguments[0] != 0
        && arguments.AsSpan().IndexOf("\0\0"u8) < 0;

    private static bool IsLost(Exception problem) => problem is CommandFailedException or AnswerLostException
        or ConnectionClosedException or ObjectDisposedException;

    // The service is gone already, or the connection is lost: the state of the daemon decides the next step.
    private static async Task IgnoreAsync(Task command)
    {
        try
        {
            await command.ConfigureAwait(false);
        }
        catch (Exception problem) when (IsLost(problem))
        {
            // As above.
        }
    }
}

using System;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Running;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>run</c>: a program as a service of the daemon, with the descriptors of dpctl. dpctl itself writes nothing to
/// standard output, and the exit code is the program's.
/// </summary>
internal static class RunVerb
{
    private static readonly string[] _notFound = ["ENOENT", "ENOTDIR"];

    public static int Run(VerbCall call)
    {
        TimeSpan? limit = call.Duration("--timeout");
        try
        {
            return Session.Run(call, session => RunAsync(call, session, limit));
        }
        catch (Problem problem) when (problem.ExitCode is ExitCode.Failed or ExitCode.NoDaemon)
        {
            throw new Problem(ExitCode.RunFailed, problem.Message);
        }
    }

    private static async Task<int> RunAsync(VerbCall call, Session session, TimeSpan? limit)
    {
        var service = new TransientService(session, call);
        try
        {
            await service.MakeAsync().ConfigureAwait(false);
            return await FollowAsync(call, session, service, limit).ConfigureAwait(false);
        }
        catch (ArgumentException problem)
        {
            await service.ForgetAsync(always: true).ConfigureAwait(false);
            throw Problem.Usage($"the daemon cannot accept this: {problem.Message}");
        }
        catch (Exception problem) when (problem is CommandFailedException or Problem && !service.IsStarted)
        {
            await service.ForgetAsync(always: true).ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<int> FollowAsync(
        VerbCall call, Session session, TransientService service, TimeSpan? limit)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<ServiceInfo?> ended = session.State.WaitAsync(service.Name, now => HasEnded(now, up));
        using PassedSignals? signals = service.IsDetached ? null : new PassedSignals(session.Connection, service.Name);
        await session.Connection.ServiceStartAsync(service.Name).ConfigureAwait(false);
        service.IsStarted = true;
        await Task.WhenAny(up.Task, ended).ConfigureAwait(false);
        await service.ForgetDescriptorsAsync().ConfigureAwait(false);
        if (service.IsDetached)
        {
            return await DetachAsync(call, session, service, ended).ConfigureAwait(false);
        }

        bool isLate = limit is { } most && !await EndsWithinAsync(ended, most).ConfigureAwait(false);
        if (isLate)
        {
            await session.Connection.ServiceStopAsync(service.Name).ConfigureAwait(false);
        }

        ServiceInfo? last = await ended.ConfigureAwait(false);
        await service.ForgetAsync().ConfigureAwait(false);
        if (isLate)
        {
            string waited = DurationText.Of((long)limit!.Value.TotalSeconds);
            throw new Problem(ExitCode.TimeLimit, $"{service.Name} took longer than {waited}, and was stopped");
        }

        return last is null ? throw new Problem(ExitCode.RunFailed, $"{service.Name} was deleted") : Finish(last);
    }

    // Waits until its program runs, or cannot be executed.
    private static async Task<int> DetachAsync(
        VerbCall call, Session session, TransientService service, Task<ServiceInfo?> ended)
    {
        TimeSpan proof = TimeSpan.FromMilliseconds(200);
        if (await EndsWithinAsync(ended, proof).ConfigureAwait(false)
            && await ended.ConfigureAwait(false) is { Failure: not null } failed)
        {
            await service.ForgetAsync().ConfigureAwait(false);
            return Finish(failed);
        }

        call.Out.WriteLine(service.Name.Text!);
        return ExitCode.Done;
    }

    private static bool HasEnded(ServiceInfo? now, TaskCompletionSource up)
    {
        if (now?.Phase == ServicePhase.Up)
        {
            up.TrySetResult();
        }

        return now is null || now.Phase is ServicePhase.Exited or ServicePhase.Killed;
    }

    private static async Task<bool> EndsWithinAsync(Task<ServiceInfo?> ended, TimeSpan limit)
    {
        using var passed = new CancellationTokenSource();
        await Task.WhenAny(ended, Task.Delay(limit, passed.Token)).ConfigureAwait(false);
        await passed.CancelAsync().ConfigureAwait(false);
        return ended.IsCompleted;
    }

    /// <summary>The exit code after a start that failed.</summary>
    public static int CodeOf(ServiceFailedEvent failure) => failure.Step != StartStep.Execute ? ExitCode.RunFailed
        : Array.IndexOf(_notFound, failure.Reason) >= 0 ? ExitCode.NotFound
        : ExitCode.NotExecutable;

    private static int Finish(ServiceInfo service)
    {
        RunEnd end = RunEnd.Of(service, tag: null)!;
        if (end.Failure is { } failure)
        {
            throw new Problem(CodeOf(failure), end.LongText);
        }

        if (end.IsGood)
        {
            return ExitCode.Done;
        }

        string after = DurationText.After(end.Ran?.Value ?? 0);
        return end.Signal is { } signal
            ? throw new Problem(
                ExitCode.Signal + SignalNumbers.Of(signal.Text ?? ""), $"{service.Name} ended by {signal} {after}")
            : throw new Problem(
                end.ExitCode ?? ExitCode.Failed, $"{service.Name} ended with exit {end.ExitCode} {after}");
    }
}

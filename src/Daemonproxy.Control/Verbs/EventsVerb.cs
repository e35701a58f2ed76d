using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Following;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Views;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>events</c>: the current states, and then the changes, one line each. When the daemon ends, it tries to reconnect
/// for ten seconds.
/// </summary>
internal static class EventsVerb
{
    private const int NameWidth = 9;
    private const int WordWidth = 11;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    public static int Run(VerbCall call)
    {
        // A first reading, for errors of names and of the connection.
        (string path, DaemonReading reading) = SocketFinder.Read(call);
        Func<string, bool> isChosen = name =>
            call.Words.Count == 0 || call.Words.Any(word => NamePattern.Matches(word, name));
        string[] unknown =
        [
            .. call.Words.Where(word => !NamePattern.Is(word)
                && !reading.State.Services.Keys.Any(name => name.Text == word)),
        ];
        return unknown.Length > 0
            ? throw new Problem(ExitCode.NoService, $"no service '{VisibleText.Of(unknown[0])}'"
                + Suggestion.For(unknown[0], reading.State.Services.Keys.Select(name => name.Text!)))
            : FollowAsync(call, path, reading.Pid, isChosen).GetAwaiter().GetResult();
    }

    private static async Task<int> FollowAsync(VerbCall call, string path, int? daemon, Func<string, bool> isChosen)
    {
        using var interrupted = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            interrupted.Cancel();
        });
        await using DaemonClient client = DaemonClient.Start(path);
        DaemonState state = await client.FollowStateAsync(interrupted.Token).ConfigureAwait(false);
        var lines = new ChangeLines(isChosen);
        var states = Channel.CreateUnbounded<StateSnapshot>();
        Task following = state.WaitAsync(
            now =>
            {
                states.Writer.TryWrite(now);
                return false;
            },
            interrupted.Token);
        Task watching = GiveUpAsync(call, client, interrupted.Token);
        try
        {
            while (true)
            {
                Task<bool> more = states.Reader.WaitToReadAsync(interrupted.Token).AsTask();
                if (await Task.WhenAny(more, watching).ConfigureAwait(false) == watching)
                {
                    await watching.ConfigureAwait(false);
                    throw new Problem(ExitCode.NoDaemon, $"the connection to {VisibleText.Of(path)} was lost");
                }

                await more.ConfigureAwait(false);
                while (states.Reader.TryRead(out StateSnapshot? now))
                {
                    Write(call, lines.Next(now, Instant.Now), now, daemon);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (Problem closed) when (closed.ExitCode == ExitCode.BrokenPipe)
        {
            return ExitCode.Done;
        }
        finally
        {
            await interrupted.CancelAsync().ConfigureAwait(false);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Ends when there has been no connection for so long; or nobody reads, and nothing happens that would tell so.
    private static async Task GiveUpAsync(VerbCall call, DaemonClient client, CancellationToken cancellation)
    {
        long lost = 0;
        TimeSpan period = TimeSpan.FromMilliseconds(250);
        while (lost == 0 || Environment.TickCount64 - lost < _patience.TotalMilliseconds)
        {
            await Task.Delay(period, cancellation).ConfigureAwait(false);
            if (call.Out.IsAbandoned)
            {
                throw new Problem(ExitCode.BrokenPipe, "");
            }

            lost = client.Status.State != LinkState.Lost ? 0 : lost == 0 ? Environment.TickCount64 : lost;
        }
    }

    private static void Write(VerbCall call, List<Change> changes, StateSnapshot state, int? daemon)
    {
        var clock = ClockText.Current;
        foreach (Change change in changes)
        {
            if (call.Has("--json"))
            {
                WriteJson(call, change, clock, new OutputFiles(state, daemon));
                continue;
            }

            call.Out.Write(change.IsChange ? "  " : "= ").Write(clock.Of(change.At).PadRight(8)).Write("  ")
                .Write(change.Name.PadRight(NameWidth - 1)).Write(" ").Write(change.Word, change.Colour);
            if (change.Detail.Length > 0)
            {
                call.Out.Write(' ', WordWidth - change.Word.Length).Write(change.Detail);
            }

            call.Out.WriteLine();
        }

        call.Out.Flush();
    }

    private static void WriteJson(VerbCall call, Change change, ClockText clock, OutputFiles files)
    {
        if (change.Service is null && change.Word == "signal")
        {
            return;
        }

        JsonText.Write(call.Out, json =>
        {
            json.WriteStartObject();
            json.WriteString("time", clock.Rfc3339(change.At));
            json.WriteString("kind", change.IsChange ? "change" : "snapshot");
            JsonText.Text(json, "name", change.Name);
            if (change.Service is { } service)
            {
                new StatusJson(clock, hasValues: false).WriteFields(json, service, files.Of(service).Path);
            }
            else
            {
                json.WriteString("state", change.Word);
            }

            json.WriteEndObject();
        });
    }
}

using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;
using Daemonproxy.Control.Views;

namespace Daemonproxy.Control.Top;

/// <summary>
/// Passes keys, signals, the daemon's state and the time to the model, and draws the screen. Whatever ends the loop,
/// the terminal is restored.
/// </summary>
internal sealed class TopLoop : IDisposable
{
    private const int SignalCode = 128;

    // States may change faster than people can read.
    private static readonly TimeSpan _leastBetween = TimeSpan.FromMilliseconds(100);

    private readonly VerbCall _call;
    private readonly TimeSpan _period;
    private readonly TopModel _model;
    private readonly TopActions _actions;
    private readonly ScreenPainter _painter;
    private readonly TerminalMode _mode = new();
    private readonly Channel<Action> _inputs = Channel.CreateUnbounded<Action>();
    private readonly TreeFigures _figures = new(ProcessTable.Read, CgroupFigures.Read);
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Lock _screen = new();
    private bool _isTyped; // a key is answered at once
    private string? _page; // the service of the page
    private int? _end;

    public TopLoop(VerbCall call, string path, TimeSpan period)
    {
        _call = call;
        _period = period;
        _model = new TopModel { Socket = path };
        _actions = new TopActions(call, text => _inputs.Writer.TryWrite(() => _model.Message = text));
        _painter = new ScreenPainter(call.Out);
    }

    /// <summary>Runs until a key or a signal ends it; the exit code.</summary>
    public async Task<int> RunAsync(DaemonClient client)
    {
        DaemonState state = await client.FollowStateAsync().ConfigureAwait(false);
        _model.Update(state.Current, Instant.Now);
        _mode.Save();
        HandleSignals();
        using var ended = new CancellationTokenSource();
        Task following = Task.WhenAll(FollowAsync(state, ended.Token), WatchAsync(client, ended.Token));
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
        try
        {
            _mode.PassKeys();
            Measure();
            await LoopAsync().ConfigureAwait(false);
        }
        finally
        {
            lock (_screen)
            {
                Leave();
            }

            await ended.CancelAsync().ConfigureAwait(false);
            await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _end ?? ExitCode.Done;
    }

    public void Dispose()
    {
        _signals.ForEach(static signal => signal.Dispose());
        _painter.Dispose();
    }

    private async Task LoopAsync()
    {
        long measured = Stopwatch.GetTimestamp();
        while (_end is null)
        {
            Draw();
            Task<bool> input = _inputs.Reader.WaitToReadAsync().AsTask();
            TimeSpan left = _period - Stopwatch.GetElapsedTime(measured);
            if (left > TimeSpan.Zero && await Task.WhenAny(input, Task.Delay(left)).ConfigureAwait(false) == input)
            {
                long begin = Stopwatch.GetTimestamp();
                while (_inputs.Reader.TryRead(out Action? apply))
                {
                    apply();
                }

                TimeSpan rest = _leastBetween - Stopwatch.GetElapsedTime(begin);
                if (_end is null && !_isTyped && rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest).ConfigureAwait(false);
                }

                _isTyped = false;
            }
            else
            {
                measured = Stopwatch.GetTimestamp();
                Measure();
            }
        }
    }

    private void Measure()
    {
        if (_model.LostSince is null)
        {
            _model.Uses = _figures.Look(_model.All, Stopwatch.GetElapsedTime(0));
        }

        _model.Refresh(Instant.Now);

        if (_model.Page != TopPage.None && _page is { } name)
        {
            Open(_model.Page, name);
        }
    }

    private void Draw()
    {
        lock (_screen)
        {
            _mode.KeepPassingKeys();
            (int columns, int rows) = Terminal.SizeOf(1) ?? (80, 24);
            _painter.Draw(new TopScreen(_model, ClockText.Current, columns, rows).Lines(), columns, rows);
            _call.Out.Flush();
        }
    }

    private void Leave()
    {
        _painter.Close();
        _mode.Restore();
        try
        {
            _call.Out.Flush();
        }
        catch (Problem)
        {
            // The terminal is gone.
        }
    }

    private void Press(Key key)
    {
        _isTyped = true;
        if (_model.Press(key) is not { } request)
        {
            return;
        }

        switch (request.Kind)
        {
            case TopRequestKind.Quit:
                _end = ExitCode.Done;
                break;
            case TopRequestKind.Page:
                Open(TopPage.Service, request.Name);
                break;
            case TopRequestKind.Output:
                Open(TopPage.Output, request.Name);
                break;
            default:
                _actions.Begin(request);
                break;
        }
    }

    // Read in the background: a daemon or a file may be slow.
    private void Open(TopPage page, string name)
    {
        _page = name;
        bool isNew = _model.Page != page;
        _ = Task.Run(() =>
        {
            List<string> lines = _actions.Read(page, name);
            _inputs.Writer.TryWrite(() =>
            {
                if (_page == name && (isNew || _model.Page == page))
                {
                    _model.ShowPage(page, lines);
                }
            });
        });
    }

    private async Task FollowAsync(DaemonState state, CancellationToken cancellation) => await state.WaitAsync(
        now =>
        {
            _inputs.Writer.TryWrite(() => _model.Update(now, Instant.Now));
            return false;
        },
        cancellation).ConfigureAwait(false);

    private async Task WatchAsync(DaemonClient client, CancellationToken cancellation)
    {
        await foreach (LinkStatus status in client.ReadStatusesAsync(cancellation).ConfigureAwait(false))
        {
            bool isLost = status.State is LinkState.Lost or LinkState.Ended;
            _inputs.Writer.TryWrite(
                () => _model.LostSince = !isLost ? null : _model.LostSince ?? ClockText.Current);
        }
    }

    private void ReadKeys()
    {
        const int restMilliseconds = 50;
        byte[] bytes = new byte[256];
        int length = 0;
        while (true)
        {
            bool isPart = length > 0;
            int count = TerminalMode.Read(bytes.AsSpan(length), isPart ? restMilliseconds : -1);
            if (count < 0)
            {
                End(SignalCode + 1); // the terminal is gone, as with SIGHUP
                return;
            }

            length += count;
            ReadOnlySpan<byte> left = bytes.AsSpan(0, length);
            while (!left.IsEmpty && (count == 0 || !Key.IsPart(left)))
            {
                left = left[Key.Decode(left, out Key key)..];
                _inputs.Writer.TryWrite(() => Press(key));
            }

            left.CopyTo(bytes);
            length = left.Length == bytes.Length ? 0 : left.Length;
        }
    }

    private void End(int code) => _inputs.Writer.TryWrite(() => _end ??= code);

    private void HandleSignals()
    {
        foreach ((PosixSignal signal, int number) in (ReadOnlySpan<(PosixSignal, int)>)
            [(PosixSignal.SIGINT, 2), (PosixSignal.SIGTERM, 15), (PosixSignal.SIGHUP, 1), (PosixSignal.SIGQUIT, 3)])
        {
            Handle(signal, context =>
            {
                context.Cancel = true;
                End(SignalCode + number);
            });
        }

        Handle(PosixSignal.SIGWINCH, _ => _inputs.Writer.TryWrite(static () => { }));
        Handle(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            lock (_screen)
            {
                Leave();
                Suspension.Stop();
                _mode.PassKeys();
            }

            _inputs.Writer.TryWrite(static () => { });
        });
    }

    private void Handle(PosixSignal signal, Action<PosixSignalContext> handler) =>
        _signals.Add(PosixSignalRegistration.Create(signal, handler));
}

using System;
using Daemonproxy.Commands;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Processes;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.Signals;
using Daemonproxy.Startup;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy;

/// <summary>
/// The loop of the daemon. A turn is: wait, signals, reap, accept, read, commands, due services, flush, log; nothing
/// acts outside its step.
/// </summary>
internal sealed class Daemon
{
    private const int MostReady = 64;
    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly Statistics _statistics;
    private readonly CommandRunner _runner;
    private readonly StateDump _dump;
    private readonly ReadyDescriptor[] _ready = new ReadyDescriptor[MostReady];
    private readonly ShutdownSequence _shutdown;
    private readonly ServiceLauncher _launcher;
    private readonly Reaper _reaper;
    private Instant _now;

    public Daemon(SystemCalls kernel, DaemonComponents components)
    {
        _kernel = kernel;
        _image = components.Image;
        _statistics = components.Statistics;
        _runner = components.Runner;
        _dump = components.Dump;
        _shutdown = components.ShutdownSequence;
        _launcher = components.ServiceLauncher;
        _reaper = components.Reaper;
        Settings = components.Settings;
        ShutdownState = components.ShutdownState;
        Log = components.Log;
        Connections = components.Connections;
        Socket = components.Socket;
        Signals = components.Signals;
        ServiceManager = components.ServiceManager;
        UpgradeRequest = components.UpgradeRequest;
        ProcessAttributes = components.ProcessAttributes;
        _now = kernel.Now();
    }

    private DaemonSettings Settings { get; }

    private ShutdownState ShutdownState { get; }

    private Log Log { get; }

    private ConnectionTable Connections { get; }

    private ControlSocket Socket { get; }

    private PendingSignals Signals { get; }

    private ServiceManager ServiceManager { get; }

    private UpgradeRequest UpgradeRequest { get; }

    private ProcessAttributes ProcessAttributes { get; }

    /// <summary>Turns until the daemon is told to end, and nothing keeps it; the exit code.</summary>
    public int Run()
    {
        while (!ShutdownState.IsEnding || !TryEnd())
        {
            Turn();
        }

        return ShutdownState.ExitCode;
    }

    /// <summary>Ends the daemon, once it is ending; false when it has to keep running all the same.</summary>
    public bool TryEnd()
    {
        _image.Header.Work.Step = TurnStep.Ending;
        UpgradeRequest.Stop();
        return _shutdown.TryEnd(_now);
    }

    /// <summary>One pass of the loop.</summary>
    public void Turn()
    {
        ref TurnStep step = ref _image.Header.Work.Step;
        step = TurnStep.Waiting;
        Wait();
        _statistics.Add(Counter.Turns);
        step = TurnStep.Signals;
        TakeSignals();
        step = TurnStep.Reaping;
        if (_kernel.TakeChildNotice())
        {
            _reaper.ReapAll(_now);
            UpgradeRequest.ForgetReaped();
            ProcessAttributes.RetryKeyboard();
        }

        step = TurnStep.Accepting;
        Socket.AcceptAll(_now);
        step = TurnStep.Reading;
        foreach (Connection connection in Connections.Used)
        {
            if (connection.IsInUse)
            {
                Read(connection);
            }
        }

        step = TurnStep.Commands;
        RunCommands();
        step = TurnStep.Launching;
        if (!ShutdownState.IsEnding && ServiceManager.NextDeadline <= _now)
        {
            _now = _launcher.RunDue(_now);
        }

        UpgradeRequest.Continue(_now);

        step = TurnStep.Flushing;
        Flush();
        step = TurnStep.Logging;
        Log.Flush(_now);
        TakeSentFault();
        if (UpgradeRequest.IsReady && !ShutdownState.IsEnding)
        {
            step = TurnStep.Ending;
            UpgradeRequest.Replace();
        }
    }

    // A fatal signal that somebody sent: noted by the handler, acted on here, where nothing is half done.
    private void TakeSentFault()
    {
        int signal = _image.Header.Crash.Sent;
        if (signal == 0)
        {
            return;
        }

        _image.Header.Crash.Sent = 0;
        if (!ShutdownState.HasExec)
        {
            _kernel.Crash(new Signal(signal));
        }

        // Somebody wants us gone, and there is a program for that.
        Span<byte> room = stackalloc byte[FixedText.Longest];
        EventLine reason = new(room);
        reason.Text("got "u8);
        reason.Signal(new Signal(signal));
        Log.Say(LogLevel.Error, reason.Written);
        ShutdownState.End(ExitCode.BrokenState, reason.Written);
    }

    private void Wait()
    {
        Instant deadline = ServiceManager.NextDeadline;
        deadline = Log.NextDeadline < deadline ? Log.NextDeadline : deadline;
        foreach (Connection connection in Connections.Used)
        {
            if (connection.IsInUse)
            {
                ConnectionWork.Update(_kernel, connection);
                Instant next = ConnectionWork.NextDeadline(connection, _now);
                deadline = next < deadline ? next : deadline;
            }
        }

        Socket.UpdateWatch(_now);
        UpgradeRequest.UpdateWatch();
        deadline = Socket.NextDeadline < deadline ? Socket.NextDeadline : deadline;
        deadline = UpgradeRequest.NextDeadline < deadline ? UpgradeRequest.NextDeadline : deadline;
        int count = _kernel.Wait(_ready, _now, deadline);
        _now = _kernel.Now();
        for (int i = 0; i < count; i++)
        {
            MarkReady(_ready[i]);
        }
    }

    private void Read(Connection connection)
    {
        Errno errno = connection.Read(_kernel);
        if (errno != Errno.None && connection.Record.Kind == ConnectionKind.Config && Log.Wants(LogLevel.Error))
        {
            EventLine line = Log.Begin(LogLevel.Error);
            line.Text("cannot read the config file: "u8);
            line.Errno(errno);
            Log.End(ref line);
        }
    }

    private void MarkReady(in ReadyDescriptor ready)
    {
        if (ready.Token.Kind == PollTokenKind.ControlSocket)
        {
            Socket.MarkReady(ready.Token);
            return;
        }

        if (ready.Token.Kind == PollTokenKind.UpgradeCheck)
        {
            UpgradeRequest.MarkReadable();
            return;
        }

        Connection connection = Connections.All[ready.Token.Index];
        if (!connection.IsInUse || (connection.Record.Generation & 0xFFFFFF) != ready.Token.Generation)
        {
            return;
        }

        if (ready.Token.Kind == PollTokenKind.ConnectionInput && (ready.Readable || ready.Broken))
        {
            connection.MarkReadable();
        }

        // A socket tells that by its input, and by the next write.
        if (ready.Token.Kind == PollTokenKind.ConnectionOutput && ready.Broken)
        {
            connection.LoseOutput();
        }
    }

    private void TakeSignals()
    {
        Signals.Announce(Connections);
        ServiceManager.ConsiderTriggers(_now);
    }

    private void RunCommands()
    {
        foreach (Connection connection in Connections.Used)
        {
            if (connection.IsInUse)
            {
                _dump.Continue(connection, _now);
                _runner.RunLines(connection, _now);
                _dump.Continue(connection, _now);
            }
        }
    }

    private void Flush()
    {
        foreach (Connection connection in Connections.Used)
        {
            if (!connection.IsInUse)
            {
                continue;
            }

            if (connection.IsListening)
            {
                connection.Flush(_kernel, _now);
            }

            SlowReaderPolicy.Check(connection, _now, Log);
            if (connection.Record.IsClosing && (connection.Outbox.IsEmpty || !connection.IsListening))
            {
                End(connection);
            }
        }
    }

    private void End(Connection connection)
    {
        bool wasSession = connection.Record.Kind == ConnectionKind.Interactive;
        if (wasSession && ShutdownState.IsOutputOurs)
        {
            // The flag belongs to the open file, which outlives us where somebody else has it.
            _kernel.SetNonblocking(connection.Record.Output, false);
        }

        connection.Pass(CrashPoint.ConnectionEnd);

        // The end is noted first: once the session is dropped, nothing else tells a resume that there was one.
        if (wasSession)
        {
            EndSession();
        }

        Connections.Drop(connection);
        if (wasSession)
        {
            // Noted last: a resume in between finds that the flag is ours to set again.
            ShutdownState.OwnOutput(false);
        }
    }

    private void EndSession()
    {
        if (ShutdownState.Guard != 0)
        {
            LogMessages.SessionEndedGuarded(Log);
        }
        else if (Settings.IsInit && !ShutdownState.HasExec)
        {
            Log.Say(LogLevel.Error, "(attempting to continue) interactive session ended"u8);
        }
        else
        {
            LogMessages.SessionEnded(Log);
            ShutdownState.End(ExitCode.Success, LogMessages.SessionEndedText);
        }
    }
}

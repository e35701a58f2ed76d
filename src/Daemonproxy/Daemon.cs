using System;
using Daemonproxy.Commands;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.Signals;
using Daemonproxy.Startup;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy;

/// <summary>
/// The daemon as one object: built over an image, new or taken over, it runs in turns. The steps of a turn are: wait,
/// signals, reap, accept, read, commands, launches, flush, log. Nothing acts outside its step.
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
    private readonly ShutdownSequence _wayOut;
    private Instant _now;

    public Daemon(SystemCalls kernel, StateImage image, LaunchEnvironment environment, SignalSet counted)
    {
        _kernel = kernel;
        _image = image;
        _statistics = new Statistics(image);
        ShutdownState = new ShutdownState(image);
        Log = new Log(kernel, image, _statistics);
        Connections = new ConnectionTable(kernel, image, _statistics, Log);
        Socket = new ControlSocket(kernel, image, Log, Connections);
        Fds = new FdTable(kernel, image, _statistics, Connections, ShutdownState.MostFdText);
        Services = new ServiceTable(kernel, image, _statistics, ShutdownState.MostServiceText);
        Signals = new PendingSignals(image, counted);
        LaunchPlanner planner = new(kernel, Services, Fds, environment);
        ServiceManager = new ServiceManager(
            kernel, image, _statistics, Services, planner, Signals, Connections, Connections, Log);
        Report = new ErrorReporter(kernel, Log);
        UpgradeRequest = new UpgradeRequest(kernel, image, Connections, Report);
        CommandHandler handler = new(
            kernel, image, _statistics, Connections, Services, ServiceManager, Fds, Signals, Log, ShutdownState, Socket,
            UpgradeRequest);
        _runner = new CommandRunner(image, _statistics, handler, Report, Log);
        _dump = new StateDump(Fds, Services, Signals, kernel);
        ProcessAttributes = new ProcessAttributes(kernel, ShutdownState, Log);
        ExecOnExit = new ExecOnExit(kernel, environment);
        _wayOut = new ShutdownSequence(kernel, this, ExecOnExit);
        _now = kernel.Now();
    }

    public StateImage Image => _image;

    public ShutdownState ShutdownState { get; }

    public Log Log { get; }

    public ConnectionTable Connections { get; }

    public ControlSocket Socket { get; }

    public FdTable Fds { get; }

    public ServiceTable Services { get; }

    public PendingSignals Signals { get; }

    public ServiceManager ServiceManager { get; }

    public ErrorReporter Report { get; }

    public UpgradeRequest UpgradeRequest { get; }

    public ProcessAttributes ProcessAttributes { get; }

    public ExecOnExit ExecOnExit { get; }

    public Statistics Statistics => _statistics;

    /// <summary>Makes sure that the small regions, which everything uses, can be touched.</summary>
    public bool TryReserve() =>
        ShutdownState.TryReserve() && _statistics.TryReserve() && Signals.TryReserve() && Log.TryReserve()
        && Connections.TryReserve() && Socket.TryReserve() && UpgradeRequest.TryReserve();

    /// <summary>Turns until the daemon is told to end, and nothing keeps it; the exit code.</summary>
    public int Run()
    {
        while (!ShutdownState.IsEnding || !TryEnd())
        {
            Turn();
        }

        return ShutdownState.ExitCode;
    }

    /// <summary>The way out, once the daemon is ending; false when it has to go on all the same.</summary>
    public bool TryEnd()
    {
        _image.Header.Work.Step = TurnStep.Ending;
        UpgradeRequest.Stop();
        return _wayOut.Take(_now);
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
            ServiceManager.ReapAll(_now);
            UpgradeRequest.ForgetReaped();
            ProcessAttributes.Repeat();
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
            _now = ServiceManager.RunDue(_now);
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
        ConsiderTriggers(_now);
    }

    /// <summary>Starts what waits for signals that were told; which they are, the image has noted.</summary>
    public void ConsiderTriggers(Instant now)
    {
        if (_image.Header.Arrived != 0)
        {
            ServiceManager.ConsiderTriggers(_image.Header.Arrived, now);
            _image.Header.Arrived = 0;
        }
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
        else if (ShutdownState.Record.IsInit && !ShutdownState.HasExec)
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

using System;
using Daemonproxy.Commands;
using Daemonproxy.Controllers;
using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;
using Daemonproxy.Time;

namespace Daemonproxy;

/// <summary>
/// The daemon as one object: built over an image, new or taken over, it runs in turns. A turn is: wait, signals, reap,
/// read, commands, due services, flush; nothing acts outside its place.
/// </summary>
internal sealed class Daemon
{
    private const int MostReady = 64;
    private readonly Kernel _kernel;
    private readonly StateImage _image;
    private readonly Statistics _statistics;
    private readonly CommandRunner _runner;
    private readonly StateDump _dump;
    private readonly Ready[] _ready = new Ready[MostReady];
    private readonly WayOut _wayOut;
    private Instant _now;

    public Daemon(Kernel kernel, StateImage image, LaunchEnvironment environment, SignalSet counted)
    {
        _kernel = kernel;
        _image = image;
        _statistics = new Statistics(image);
        Lifetime = new Lifetime(image);
        Log = new Log(kernel, image, _statistics);
        Controllers = new ControllerTable(kernel, image, _statistics, Log);
        Socket = new ControlSocket(kernel, image, Log, Controllers);
        Fds = new FdTable(kernel, image, _statistics, Controllers, Lifetime.MostFdText);
        Services = new ServiceTable(kernel, image, _statistics, Lifetime.MostServiceText);
        Signals = new SignalLedger(image, counted);
        LaunchPlanner planner = new(kernel, Services, Fds, environment);
        Supervisor = new Supervisor(
            kernel, image, _statistics, Services, planner, Signals, Controllers, Controllers, Log);
        Report = new ErrorReport(kernel, Log);
        Reexecution = new Reexecution(kernel, image, Controllers, Report);
        CommandHandler handler = new(
            kernel, image, _statistics, Controllers, Services, Supervisor, Fds, Signals, Log, Lifetime, Socket,
            Reexecution);
        _runner = new CommandRunner(image, _statistics, handler, Report, Log);
        _dump = new StateDump(Fds, Services, Signals, kernel);
        Claims = new Claims(kernel, Lifetime, Log);
        ExitProgram = new ExitProgram(kernel, environment);
        _wayOut = new WayOut(kernel, this, ExitProgram);
        _now = kernel.Now();
    }

    public StateImage Image => _image;

    public Lifetime Lifetime { get; }

    public Log Log { get; }

    public ControllerTable Controllers { get; }

    public ControlSocket Socket { get; }

    public FdTable Fds { get; }

    public ServiceTable Services { get; }

    public SignalLedger Signals { get; }

    public Supervisor Supervisor { get; }

    public ErrorReport Report { get; }

    public Reexecution Reexecution { get; }

    public Claims Claims { get; }

    public ExitProgram ExitProgram { get; }

    public Statistics Statistics => _statistics;

    /// <summary>Makes sure that the small regions, which everything uses, can be touched.</summary>
    public bool TryReserve() =>
        Lifetime.TryReserve() && _statistics.TryReserve() && Signals.TryReserve() && Log.TryReserve()
        && Controllers.TryReserve() && Socket.TryReserve() && Reexecution.TryReserve();

    /// <summary>Turns until the daemon is told to end, and nothing keeps it; the exit code.</summary>
    public int Run()
    {
        while (!Lifetime.IsEnding || !TryEnd())
        {
            Turn();
        }

        return Lifetime.ExitCode;
    }

    /// <summary>The way out, once the daemon is ending; false when it has to go on all the same.</summary>
    public bool TryEnd()
    {
        _image.Header.Work.Step = TurnStep.Ending;
        Reexecution.Stop();
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
            Supervisor.ReapAll(_now);
            Reexecution.ForgetReaped();
            Claims.Repeat();
        }

        step = TurnStep.Accepting;
        Socket.AcceptAll(_now);
        step = TurnStep.Reading;
        foreach (Controller controller in Controllers.Used)
        {
            if (controller.IsInUse)
            {
                Read(controller);
            }
        }

        step = TurnStep.Commands;
        RunCommands();
        step = TurnStep.Launching;
        if (!Lifetime.IsEnding && Supervisor.NextDeadline <= _now)
        {
            _now = Supervisor.RunDue(_now);
        }

        Reexecution.Continue(_now);

        step = TurnStep.Flushing;
        Flush();
        step = TurnStep.Logging;
        Log.Flush(_now);
        TakeSentFault();
        if (Reexecution.IsReady && !Lifetime.IsEnding)
        {
            step = TurnStep.Ending;
            Reexecution.Replace();
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
        if (!Lifetime.HasExec)
        {
            _kernel.Crash(new Signal(signal));
        }

        // Somebody wants us gone, and there is a program for that.
        Span<byte> room = stackalloc byte[FixedText.Longest];
        EventLine reason = new(room);
        reason.Text("got "u8);
        reason.Signal(new Signal(signal));
        Log.Say(LogLevel.Error, reason.Written);
        Lifetime.End(ExitCode.BrokenState, reason.Written);
    }

    private void Wait()
    {
        Instant deadline = Supervisor.NextDeadline;
        deadline = Log.NextDeadline < deadline ? Log.NextDeadline : deadline;
        foreach (Controller controller in Controllers.Used)
        {
            if (controller.IsInUse)
            {
                Watching.Update(_kernel, controller);
                Instant next = Watching.NextDeadline(controller, _now);
                deadline = next < deadline ? next : deadline;
            }
        }

        Socket.UpdateWatch(_now);
        Reexecution.UpdateWatch();
        deadline = Socket.NextDeadline < deadline ? Socket.NextDeadline : deadline;
        deadline = Reexecution.NextDeadline < deadline ? Reexecution.NextDeadline : deadline;
        int count = _kernel.Wait(_ready, _now, deadline);
        _now = _kernel.Now();
        for (int i = 0; i < count; i++)
        {
            MarkReady(_ready[i]);
        }
    }

    private void Read(Controller controller)
    {
        Errno errno = controller.Read(_kernel);
        if (errno != Errno.None && controller.Record.Kind == ControllerKind.Config && Log.Wants(LogLevel.Error))
        {
            EventLine line = Log.Begin(LogLevel.Error);
            line.Text("cannot read the config file: "u8);
            line.Errno(errno);
            Log.End(ref line);
        }
    }

    private void MarkReady(in Ready ready)
    {
        if (ready.Token.Kind == TokenKind.ControlSocket)
        {
            Socket.MarkReady(ready.Token);
            return;
        }

        if (ready.Token.Kind == TokenKind.Reexecution)
        {
            Reexecution.MarkReadable();
            return;
        }

        Controller controller = Controllers.All[ready.Token.Index];
        if (!controller.IsInUse || (controller.Record.Generation & 0xFFFFFF) != ready.Token.Generation)
        {
            return;
        }

        if (ready.Token.Kind == TokenKind.ControllerInput && (ready.Readable || ready.Broken))
        {
            controller.MarkReadable();
        }

        // A socket tells that by its input, and by the next write.
        if (ready.Token.Kind == TokenKind.ControllerOutput && ready.Broken)
        {
            controller.LoseOutput();
        }
    }

    private void TakeSignals()
    {
        Signals.Announce(Controllers);
        ConsiderTriggers(_now);
    }

    /// <summary>Starts what waits for signals that were told; which they are, the image has noted.</summary>
    public void ConsiderTriggers(Instant now)
    {
        if (_image.Header.Arrived != 0)
        {
            Supervisor.ConsiderTriggers(_image.Header.Arrived, now);
            _image.Header.Arrived = 0;
        }
    }

    private void RunCommands()
    {
        foreach (Controller controller in Controllers.Used)
        {
            if (controller.IsInUse)
            {
                _dump.Continue(controller, _now);
                _runner.RunLines(controller, _now);
                _dump.Continue(controller, _now);
            }
        }
    }

    private void Flush()
    {
        foreach (Controller controller in Controllers.Used)
        {
            if (!controller.IsInUse)
            {
                continue;
            }

            if (controller.IsListening)
            {
                controller.Flush(_kernel, _now);
            }

            Patience.Check(controller, _now, Log);
            if (controller.Record.IsClosing && (controller.Outbox.IsEmpty || !controller.IsListening))
            {
                End(controller);
            }
        }
    }

    private void End(Controller controller)
    {
        bool wasSession = controller.Record.Kind == ControllerKind.Interactive;
        if (wasSession && Lifetime.IsOutputOurs)
        {
            // The flag belongs to the open file, which outlives us where somebody else has it.
            _kernel.SetNonblocking(controller.Record.Output, false);
        }

        controller.Pass(CrashPoint.ConnectionEnd);

        // The end is noted first: once the session is dropped, nothing else tells a resume that there was one.
        if (wasSession)
        {
            EndSession();
        }

        Controllers.Drop(controller);
        if (wasSession)
        {
            // Noted last: a resume in between finds that the flag is ours to set again.
            Lifetime.OwnOutput(false);
        }
    }

    private void EndSession()
    {
        if (Lifetime.Guard != 0)
        {
            LogMessages.SessionEndedGuarded(Log);
        }
        else if (Lifetime.Record.IsInit && !Lifetime.HasExec)
        {
            Log.Say(LogLevel.Error, "(attempting to continue) interactive session ended"u8);
        }
        else
        {
            LogMessages.SessionEnded(Log);
            Lifetime.End(ExitCode.Success, LogMessages.SessionEndedText);
        }
    }
}

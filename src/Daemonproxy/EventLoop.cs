using System;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy;

/// <summary>
/// The main loop. It runs turns until the daemon ends. A turn is a wait, and then the steps, in the order of their
/// list. The image notes each step before it is done. To add an event source, add its steps to the list; no other code
/// here names a source.
/// </summary>
internal sealed class EventLoop
{
    // Descriptors that one epoll_wait(2) reports. The kernel reports the others next time, before those that it has
    // reported already, so none starves. With the default 16 connections all are reported at once.
    private const int MostReady = 64;

    // Kinds have a byte in a token; there are few, so that a short table finds their sources.
    private const int Kinds = 16;

    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly Statistics _statistics;
    private readonly DaemonComponents _daemon;
    private readonly ShutdownState _state;
    private readonly Step[] _steps;
    private readonly EventSource[] _sources;
    private readonly EventSource?[] _sourceOfKind = new EventSource?[Kinds];
    private readonly ReadyDescriptor[] _ready = new ReadyDescriptor[MostReady];
    private Instant _now;

    public EventLoop(SystemCalls kernel, DaemonComponents daemon)
    {
        _kernel = kernel;
        _image = daemon.Image;
        _statistics = daemon.Statistics;
        _daemon = daemon;
        _state = daemon.ShutdownState;
        _now = kernel.Now();
        _steps =
        [
            new(TurnStep.Signals, daemon.DroppedSignalLog),
            new(TurnStep.Signals, daemon.Rescue),
            new(TurnStep.Signals, daemon.ServiceManager),
            new(TurnStep.Reaping, daemon.ServiceReadiness),
            new(TurnStep.Reaping, daemon.ServiceLauncher),
            new(TurnStep.Reaping, daemon.Reaper, StepCondition.AfterChildNotice),
            new(TurnStep.Reaping, daemon.UpgradeSequence, StepCondition.AfterChildNotice),
            new(TurnStep.Reaping, daemon.DaemonAttributes, StepCondition.AfterChildNotice),
            new(TurnStep.Reaping, daemon.Helpers),
            new(TurnStep.Accepting, daemon.Sockets),
            new(TurnStep.Accepting, daemon.SocketCheck),
            new(TurnStep.Reading, daemon.Connections),
            new(TurnStep.Commands, daemon.Runner),
            new(TurnStep.Launching, daemon.Rescue, StepCondition.UnlessEnding),
            new(TurnStep.Launching, daemon.ServiceManager, StepCondition.UnlessEnding),
            new(TurnStep.Launching, daemon.ServiceLauncher, StepCondition.UnlessEnding),
            new(TurnStep.Launching, daemon.UpgradeSequence),
            new(TurnStep.Flushing, daemon.Connections),
            new(TurnStep.Flushing, daemon.Helpers),
            new(TurnStep.Flushing, daemon.UnrecordedDescriptors),
            new(TurnStep.Logging, daemon.RunLog),
            new(TurnStep.Logging, daemon.PeerMessages),
            new(TurnStep.Logging, daemon.Log),
            new(TurnStep.Logging, daemon.SupervisorNotice),
            new(TurnStep.Logging, new SentFault(kernel, _image, _state, daemon.Log)),

            // No work is left: a program that can take over does so here.
            new(TurnStep.Logging, daemon.UpgradeSequence, StepCondition.UnlessEnding),
        ];
        _sources = SourcesOf(_steps);
        foreach (EventSource source in _sources)
        {
            for (int kind = 0; kind < Kinds; kind++)
            {
                if (source.Watches((PollTokenKind)kind))
                {
                    _sourceOfKind[kind] = source;
                }
            }
        }
    }

    /// <summary>When a step is left out.</summary>
    private enum StepCondition
    {
        Always,

        /// <summary>Only when the kernel has reported an ended child (SIGCHLD).</summary>
        AfterChildNotice,

        /// <summary>Not when the daemon ends with this turn.</summary>
        UnlessEnding,
    }

    /// <summary>Runs turns until the daemon is ended; returns the exit code.</summary>
    public int Run()
    {
        while (!_state.IsEnding || !TryEnd())
        {
            RunTurn();
        }

        return _state.ExitCode;
    }

    /// <summary>Ends the daemon, once it is ending; false when it has to keep running all the same.</summary>
    public bool TryEnd()
    {
        _image.Header.Work.Step = TurnStep.Ending;
        _daemon.UpgradeSequence.Stop();
        _daemon.Helpers.Stop(_now);
        bool hasEnded = _daemon.ExitSequence.TryEnd(_now);
        if (!hasEnded && _state.HasExec)
        {
            _daemon.Rescue.NoteFailedEnd();
        }

        return hasEnded;
    }

    /// <summary>One pass of the loop. A step that takes long moves the time of the turn on.</summary>
    public void RunTurn()
    {
        ref TurnStep noted = ref _image.Header.Work.Step;
        noted = TurnStep.Waiting;
        Wait();
        _statistics.Add(Counter.Turns);
        bool hasChildNotice = _kernel.TakeChildNotice();
        foreach (ref readonly Step step in _steps.AsSpan())
        {
            bool isDue = step.Condition switch
            {
                StepCondition.AfterChildNotice => hasChildNotice,
                StepCondition.UnlessEnding => !_state.IsEnding,
                _ => true,
            };
            if (isDue)
            {
                noted = step.Note;
                step.Source.Run(step.Note, ref _now);
            }
        }
    }

    private static EventSource[] SourcesOf(Step[] steps)
    {
        EventSource[] sources = new EventSource[steps.Length];
        int count = 0;
        foreach (ref readonly Step step in steps.AsSpan())
        {
            bool isKnown = false;
            foreach (EventSource source in sources.AsSpan(0, count))
            {
                isKnown |= ReferenceEquals(source, step.Source);
            }

            if (!isKnown)
            {
                sources[count++] = step.Source;
            }
        }

        return sources.AsSpan(0, count).ToArray();
    }

    private void Wait()
    {
        Instant deadline = Instant.Never;
        foreach (EventSource source in _sources)
        {
            deadline = Instant.Earlier(deadline, source.PrepareWait(_now));
        }

        int count = _kernel.Wait(_ready, _now, deadline);
        _now = _kernel.Now();
        foreach (ref readonly ReadyDescriptor ready in _ready.AsSpan(0, count))
        {
            _sourceOfKind[(int)ready.Token.Kind]?.OnReady(ready);
        }
    }

    private readonly struct Step(TurnStep note, EventSource source, StepCondition condition = StepCondition.Always)
    {
        public readonly TurnStep Note = note;
        public readonly EventSource Source = source;
        public readonly StepCondition Condition = condition;
    }
}

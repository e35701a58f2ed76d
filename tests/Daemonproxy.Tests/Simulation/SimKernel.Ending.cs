using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The programs in place of the daemon, and its calls that are made once in its life.</summary>
internal sealed unsafe partial class SimKernel
{
    private Pid _ownPid = new(DaemonPid);
    private CrashNote* _note;

    // The fatal signal that was sent and led to the crash; 0: it was none.
    private int _crashSignal;

    /// <summary>The descriptor of the image.</summary>
    public FdNumber ImageFd => _imageFd;

    /// <summary>Makes the daemon process 1; before it starts.</summary>
    public void BecomeInit() => _ownPid = new Pid(1);

    /// <summary>The program that the daemon executed in its place; null as long as there is none.</summary>
    public SimExecution? Executed { get; private set; }

    /// <summary>The child that goes on in the background; null as long as there is none.</summary>
    public SimSuccessor? Successor { get; private set; }

    public bool IsSubreaper { get; private set; }

    public bool IsPriorityRaised { get; private set; }

    public bool IsMemoryLocked { get; private set; }

    /// <summary>The number of requests of the keyboard that the daemon has got.</summary>
    public int KeyboardRequests { get; private set; }

    /// <summary>The work of the crash handler on the note.</summary>
    public void NoteCrash()
    {
        if (_note != null)
        {
            _note->Count++;
            _note->Signal = _crashSignal;
            _note->Address = _crashSignal == 0 ? CrashNote.Raised : CrashNote.SentByOther;
        }

        _crashSignal = 0;
        ForgetGroups();
    }

    public override void SurviveCrashes(CrashNote* note, SavedLimits* limits, FdNumber image) => _note = note;

    public override Errno BecomeSubreaper()
    {
        Errno reason = Faults.Enter(SimCall.BecomeSubreaper);
        IsSubreaper |= reason == Errno.None;
        return reason;
    }

    public override void RaisePriority(bool isRaised) => IsPriorityRaised = isRaised;

    public override Errno TakeCtrlAltDel() => Faults.Enter(SimCall.TakeCtrlAltDel);

    public override Errno TakeKeyboardRequest()
    {
        Errno reason = Faults.Enter(SimCall.TakeKeyboardRequest);
        reason = reason == Errno.None && NodeAt("/dev/tty0") is null ? Errno.ENOENT : reason;
        KeyboardRequests += reason == Errno.None ? 1 : 0;
        return reason;
    }

    public override Errno LockMemory()
    {
        Errno reason = Faults.Enter(SimCall.LockMemory);
        IsMemoryLocked |= reason == Errno.None;
        return reason;
    }

    public override Errno Execute(ref LaunchPlan plan, ReadOnlySpan<FdNumber> kept)
    {
        for (int at = 0; at < kept.Length; at++)
        {
            if (!IsOpen(kept[at]) || (at > 0 && kept[at].Value <= kept[at - 1].Value))
            {
                throw new SimulationException("the daemon keeps descriptors that are not open, or not in order");
            }
        }

        Errno reason = Faults.Enter(SimCall.Execute);
        reason = reason == Errno.None ? Search(plan, out SimProgram? _) : reason;
        if (reason != Errno.None)
        {
            return reason;
        }

        for (int fd = 3; fd < _descriptors.Length; fd++)
        {
            if (_descriptors[fd].File is not null && !kept.Contains(new FdNumber(fd)))
            {
                _descriptors[fd].IsWatched = false;
                Close(new FdNumber(fd));
            }
        }

        ForgetWatches();
        List<int> descriptors = [];
        for (int fd = 0; fd < _descriptors.Length; fd++)
        {
            if (_descriptors[fd].File is not null)
            {
                descriptors.Add(fd);
            }
        }

        Executed = new SimExecution(TextsOf(plan.Arguments), TextsOf(plan.Environment), descriptors);
        throw new SimulatedExecution();
    }

    public override Errno Daemonize(FdNumber image, out Pid pid, out FdNumber word)
    {
        pid = default;
        word = FdNumber.None;
        if (_note == null || image != _imageFd || Successor is not null)
        {
            throw new SimulationException("the daemon goes into the background too early, twice, or without image");
        }

        // The pipe, of which the parent has both ends for a while, and /dev/null.
        Errno reason = EnterWithRoomFor(SimCall.Daemonize, 3);
        if (reason == Errno.None)
        {
            SimBuffer buffer = NewBuffer();
            word = PutLowest(NewStream(buffer, null));
            pid = new Pid(++_lastPid);
            _note->Owner = pid.Value;
            Successor = new SimSuccessor(this, pid, word, NewStream(null, buffer));
        }

        return reason;
    }

    /// <summary>
    /// The parent has ended, and the world is seen from the child: its PID, /dev/null as 0, 1 and 2, and all other
    /// descriptors but the word.
    /// </summary>
    public void BecomeSuccessor()
    {
        SimSuccessor successor = Successor ?? throw new SimulationException("nobody goes on in the background");
        ForgetWatches();
        _ownPid = successor.Pid;
        Close(successor.Word);
        for (int fd = 0; fd < 3; fd++)
        {
            if (_descriptors[fd].File is not null)
            {
                Close(new FdNumber(fd));
            }

            Put(fd, OpenNode(NodeAt("/dev/null")!, OpenMode.Read | OpenMode.Write));
        }
    }

    private static List<string> TextsOf(byte** texts)
    {
        List<string> all = [];
        for (byte** text = texts; *text != null; text++)
        {
            all.Add(Encoding.Latin1.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*text)));
        }

        return all;
    }
}

/// <summary>The program that was executed in the daemon's place.</summary>
internal sealed record SimExecution(
    IReadOnlyList<string> Arguments, IReadOnlyList<string> Environment, IReadOnlyList<int> Descriptors);

/// <summary>A daemon in the background, as the one that started it sees it.</summary>
internal sealed class SimSuccessor
{
    private readonly SimKernel _kernel;
    private SimStream? _ready;

    public SimSuccessor(SimKernel kernel, Pid pid, FdNumber word, SimStream ready)
    {
        _kernel = kernel;
        _ready = SimKernel.Hold(ready);
        Pid = pid;
        Word = word;
    }

    public Pid Pid { get; }

    /// <summary>The parent's descriptor.</summary>
    public FdNumber Word { get; }

    /// <summary>It tells the parent that it is ready.</summary>
    public void TellReady()
    {
        _ready?.Out?.Append("\n"u8);
        End();
    }

    /// <summary>It ends; before it has told that it is ready, or after.</summary>
    public void End()
    {
        if (_ready is SimStream ready)
        {
            _ready = null;
            _kernel.Release(ready);
        }
    }
}

using System;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The program that takes the daemon's place on purpose.</summary>
internal sealed unsafe partial class SimKernel
{
    private SimProgram? _candidate;
    private Errno _checkFailure;

    public override Errno CheckFailure => _checkFailure;

    /// <summary>The daemon's own answer to the question whether it can take over.</summary>
    public SimProgram Itself { get; } = new() { Says = "daemonproxy can resume\n" };

    public override Errno OpenOwnProgram(out FdNumber program)
    {
        program = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.OpenProgram, 1);
        if (reason == Errno.None)
        {
            program = Candidate(Itself);
        }

        return reason;
    }

    private Errno OpenProgram(ReadOnlySpan<byte> path, out FdNumber program)
    {
        program = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.OpenProgram, 1);
        SimNode? node = null;
        reason = reason == Errno.None ? Find(path[..^1], out node) : reason;
        if (reason == Errno.None)
        {
            program = Candidate(node!.Program);
        }

        return reason;
    }

    // What the descriptor refers to does not matter: nothing is done with it but to execute the program.
    private FdNumber Candidate(SimProgram? program)
    {
        _candidate = program;
        return PutLowest(OpenNode(NodeAt("/dev/null")!, OpenMode.Read));
    }

    public override Errno StartCheck(in CheckRequest request, ref Pid pid, out FdNumber answer)
    {
        answer = FdNumber.None;
        if (!IsOpen(request.Program) || request.Image != _imageFd)
        {
            throw new SimulationException("the daemon asks a program that it has not opened, or without image");
        }

        Errno reason = EnterWithRoomFor(SimCall.StartCheck, 5);
        if (reason != Errno.None)
        {
            return reason;
        }

        SimBuffer buffer = NewBuffer();
        answer = PutLowest(NewStream(buffer, null));
        FileOf(answer)!.IsNonblocking = true;
        SimProcess process = NewProcess();
        pid = new Pid(process.Pid);
        process.AddArgument("--check"u8);
        process.AddFile(null);
        process.AddFile(NewStream(null, buffer));
        Load(process, _candidate);
        _checkFailure = _candidate is null ? Errno.EACCES : Errno.None;
        if (_candidate is null)
        {
            End(process, EndReason.Exited, FailedLaunch);
        }
        else if (_candidate.LoadsFor == 0 && _candidate.Says is string text)
        {
            process[1]!.Write(Encoding.Latin1.GetBytes(text), out _);
            End(process, EndReason.Exited, 0);
        }

        return Errno.None;
    }

    public override Errno ReplaceProgram(FdNumber program, bool isOwn)
    {
        Errno reason = Faults.Enter(SimCall.ReplaceProgram);
        if (reason != Errno.None || !IsOpen(program))
        {
            return reason;
        }

        ForgetGroups();
        throw new SimulatedReplacement();
    }
}

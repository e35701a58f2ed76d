using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>One end of a pipe, of a socketpair, or of a connection; sockets of all types carry a stream here.</summary>
internal sealed class SimStream : SimFile
{
    private readonly List<SimFile> _passed = [];
    private SocketShape _shape;

    /// <summary>The source of its reads; null for the writing end of a pipe.</summary>
    public SimBuffer? In { get; private set; }

    /// <summary>The target of its writes; null for the reading end of a pipe.</summary>
    public SimBuffer? Out { get; private set; }

    public override FdKind Kind => IsSocket ? FdKind.Socket : FdKind.Pipe;

    public override SocketShape Shape => _shape;

    private bool IsSocket => _shape.Domain != 0;

    public override bool CanBeWatched => true;

    public override bool HasInput => In is not null && (In.Length > 0 || In.Writers == 0);

    public override bool HasRoom => Out is not null && (Out.Free >= SimBuffer.Atomic || Out.Readers == 0);

    public override bool IsBroken =>
        (In is null || In.Writers == 0) && (Out is null || Out.Readers == 0);

    public void Open(SimBuffer? input, SimBuffer? output, SocketShape shape = default)
    {
        _shape = shape;
        In = input;
        Out = output;
        IsReadable = input is not null;
        IsWritable = output is not null;
        IsNonblocking = false;
        Lingers = false;
        if (input is not null)
        {
            input.Readers++;
        }

        if (output is not null)
        {
            output.Writers++;
        }
    }

    public override Errno Read(Span<byte> free, out int count)
    {
        count = 0;
        if (In is null)
        {
            return Errno.EBADF;
        }

        if (In.Length == 0 && In.Writers > 0)
        {
            return WouldWait();
        }

        count = In.Take(free, _passed);
        if (_passed.Count > 0)
        {
            throw new SimulationException("the daemon reads, and loses descriptors that were sent along");
        }

        return Errno.None;
    }

    public override Errno Receive(Span<byte> free, List<SimFile> passed, out int count)
    {
        count = 0;
        if (!IsSocket)
        {
            return Errno.ENOTSOCK;
        }

        if (In!.Length == 0 && In.Writers > 0)
        {
            return Errno.EAGAIN;
        }

        count = In.Take(free, passed);
        return Errno.None;
    }

    public override Errno Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (Out is null)
        {
            return Errno.EBADF;
        }

        if (Out.Readers == 0)
        {
            return Errno.EPIPE;
        }

        bool mustBeWhole = !IsNonblocking || (Kind == FdKind.Pipe && bytes.Length <= SimBuffer.Atomic);
        if (Out.Free == 0 || (mustBeWhole && Out.Free < bytes.Length))
        {
            return WouldWait();
        }

        count = Out.Append(bytes);
        return Errno.None;
    }

    /// <summary>It writes no more, shutdown(2): the other end reads the end of input, and can still write.</summary>
    public void EndOutput(SimKernel kernel)
    {
        if (Out is not null)
        {
            Out.Writers--;
            kernel.GiveBack(Out);
        }

        Out = null;
    }

    public override void Closed(SimKernel kernel)
    {
        if (In is not null)
        {
            In.Readers--;
            In.DropPassed(kernel);
            kernel.GiveBack(In);
        }

        EndOutput(kernel);
        In = null;
        kernel.GiveBack(this);
    }

    // The daemon waits nowhere but in Wait: a call that blocks would hold up everybody.
    private Errno WouldWait() =>
        IsNonblocking ? Errno.EAGAIN : throw new SimulationException("the daemon makes a call that blocks");
}

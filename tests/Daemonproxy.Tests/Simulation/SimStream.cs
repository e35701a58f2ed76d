using System;
using Daemonproxy.Kernels;

namespace Daemonproxy.Tests.Simulation;

/// <summary>One end of a pipe, or of a stream socketpair.</summary>
internal sealed class SimStream : SimFile
{
    /// <summary>What it reads from; null for the writing end of a pipe.</summary>
    public SimBuffer? In { get; private set; }

    /// <summary>What it writes to; null for the reading end of a pipe.</summary>
    public SimBuffer? Out { get; private set; }

    public override FdKind Kind => In is not null && Out is not null ? FdKind.Socket : FdKind.Pipe;

    public override bool CanBeWatched => true;

    public override bool HasInput => In is not null && (In.Length > 0 || In.Writers == 0);

    public override bool HasRoom => Out is not null && (Out.Free >= SimBuffer.Atomic || Out.Readers == 0);

    public override bool IsBroken =>
        (In is null || In.Writers == 0) && (Out is null || Out.Readers == 0);

    public void Open(SimBuffer? input, SimBuffer? output)
    {
        In = input;
        Out = output;
        IsReadable = input is not null;
        IsWritable = output is not null;
        IsNonblocking = false;
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

        count = In.Take(free);
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

    public override void Closed(SimKernel kernel)
    {
        if (In is not null)
        {
            In.Readers--;
            kernel.GiveBack(In);
        }

        if (Out is not null)
        {
            Out.Writers--;
            kernel.GiveBack(Out);
        }

        In = null;
        Out = null;
        kernel.GiveBack(this);
    }

    // The daemon waits nowhere but in Wait: a call that blocks would hold up everybody.
    private Errno WouldWait() =>
        IsNonblocking ? Errno.EAGAIN : throw new SimulationException("the daemon makes a call that blocks");
}

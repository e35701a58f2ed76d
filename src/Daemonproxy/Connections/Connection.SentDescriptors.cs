using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// The descriptor that goes along with a line, one at a time: until it is sent, no further command of the connection
/// runs. Its line is sent by a call of its own, so that the other side reads both together.
/// </summary>
internal sealed partial class Connection
{
    // The kernel lets a user have only so many descriptors under way, unix(7): ETOOMANYREFS.
    private const int CrowdedSeconds = 1;
    private bool _isCrowded;

    // A line that gives a descriptor waits until answers are not lost any more.
    private bool _waitsToGive;

    /// <summary>True if descriptors can be sent to it, SCM_RIGHTS.</summary>
    public bool CanTakeDescriptors =>
        Record.OutputIdentity.Kind == FdKind.Socket
        && Record.OutputIdentity.SocketDomain == (ushort)SocketDomain.Unix && !Record.Output.IsNone;

    /// <summary>
    /// True if a descriptor can be given now. One that loses its answers gets it when it reads again.
    /// </summary>
    public bool CanGiveNow => !Record.LosesAnswers || Record.IsOutputGone;

    private bool HasGiven => Record.Given != 0;

    /// <summary>The running line has to run again when answers are no longer lost.</summary>
    public void WaitToGive() => _waitsToGive = true;

    /// <summary>
    /// Appends an answer that a descriptor goes along with. The descriptor is closed when it was sent, or cannot be.
    /// </summary>
    public void Give(ReadOnlySpan<byte> line, FdNumber descriptor, FdBlocking blocking)
    {
        Assertion.Require(!HasGiven);
        if (LosesAnswers || !TryMakeRoom(line.Length, out BufferRange extent))
        {
            _closer.Close(descriptor, blocking);
            return;
        }

        line.CopyTo(_outbox.Span[extent.End..]);
        _records.Pass(CrashPoint.OutboxWritten);
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            ref ConnectionRecord record = ref change.Record;
            record.Given = descriptor.Value + 1;
            record.GivenStart = extent.End;
            record.GivenEnd = extent.End + line.Length;
            record.GivenBlocking = blocking;
            record.Outbox = new BufferRange { Start = extent.Start, End = extent.End + line.Length };
        }

        CountEvents(1);
        LogEvent(line);
    }

    /// <summary>After a resume: a descriptor whose line was begun, or is gone, was sent or is not wanted.</summary>
    public void CheckGiven()
    {
        BufferRange extent = Record.Outbox;
        if (HasGiven && (extent.Start > Record.GivenStart || extent.End < Record.GivenEnd))
        {
            DropGiven();
        }
    }

    // One write up to the line of the descriptor, of that line, or of what is behind it. What was sent of the line has
    // the descriptor with it.
    private Errno WritePiece(ref ConnectionRecord record)
    {
        ref BufferRange extent = ref record.Outbox;
        bool isGiven = record.Given != 0 && extent.Start == record.GivenStart;
        int end = record.Given == 0 ? extent.End : isGiven ? record.GivenEnd : record.GivenStart;
        ReadOnlySpan<byte> waiting = _outbox.Span[extent.Start..end];
        if (!isGiven)
        {
            return record.IsOutputShared
                ? _kernel.WriteShared(record.Output, record.OutputIdentity.Kind, waiting, ref extent.Start)
                : _kernel.Write(record.Output, waiting, ref extent.Start);
        }

        Errno errno = _kernel.SendDescriptor(record.Output, waiting, record.GivenNumber, ref extent.Start);
        _isCrowded = errno == Errno.ETOOMANYREFS;
        return _isCrowded ? Errno.EAGAIN : errno;
    }

    private void DropGiven()
    {
        FdNumber descriptor = Record.GivenNumber;
        FdBlocking blocking = Record.GivenBlocking;
        using (RecordWriter<ConnectionRecord> change = Change())
        {
            change.Record.Given = 0;
        }

        _isCrowded = false;
        _closer.Close(descriptor, blocking);
    }
}

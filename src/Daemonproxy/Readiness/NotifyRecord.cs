using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Readiness;

/// <summary>The notify socket of a run, sd_notify(3), in the image.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NotifyRecord
{
    /// <summary>The user of a run whose user is not known yet.</summary>
    public const uint UnknownUser = uint.MaxValue;

    /// <summary>The service, and 1; 0 when the record is free.</summary>
    public int ServicePlace;

    /// <summary>The socket. It is the daemon's alone: no descriptor of a service.</summary>
    public FdNumber Socket;

    /// <summary>The name of its file; 0 when it has no file.</summary>
    public ulong FileName;

    /// <summary>The user that the run has become.</summary>
    public uint User;

    /// <summary>Another process that the service has named as its main one; 0 without one.</summary>
    public Pid MainPid;

    /// <summary>The bytes of the text of its status that it has said itself.</summary>
    public int StatusBytes;

    /// <summary>The microseconds within which it says that it is well; 0 when it need not.</summary>
    public long WatchdogTime;

    /// <summary>The deadline of the watchdog; never while none is armed.</summary>
    public Instant WatchdogDue;

    /// <summary>True if it has a file that is to be removed, and no socket any more.</summary>
    public bool IsOver;

    public readonly bool IsFree => ServicePlace == 0;
}

/// <summary>
/// The message that was received last, in the image until it was dealt with: so none is lost in a crash.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NotifyMessageRecord
{
    /// <summary>The record of the socket that it came from.</summary>
    public int Socket;

    /// <summary>Its length, and 1; 0 when there is none.</summary>
    public int Received;

    public SenderCredentials Sender;

    /// <summary>The descriptors that came along and were not dealt with yet.</summary>
    public int FdCount;
    public HelperPlan.FdNumbers Fds;
    private MessageBytes _text;

    /// <summary>Room for a message.</summary>
    [UnscopedRef]
    public System.Span<byte> Buffer => _text;

    [UnscopedRef]
    public readonly System.ReadOnlySpan<byte> Text => ((System.ReadOnlySpan<byte>)_text)[..(Received - 1)];

    [InlineArray(Limits.NotifyMessage)]
    private struct MessageBytes
    {
        private byte _first;
    }
}

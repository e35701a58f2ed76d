using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Readiness;

/// <summary>The meaning of a line of a message.</summary>
internal enum NotifyWord
{
    /// <summary>A line without an effect.</summary>
    Other,
    Ready,
    Reloading,
    Stopping,

    /// <summary>The value is a text.</summary>
    Status,

    /// <summary>The number is a PID.</summary>
    MainPid,
    Watchdog,
    WatchdogTrigger,

    /// <summary>The number is in microseconds.</summary>
    WatchdogTime,

    /// <summary>The number is in microseconds.</summary>
    ExtendTimeout,
    Barrier,
    FdStore,
    FdStoreRemove,

    /// <summary>The value is a name.</summary>
    FdName,
}

/// <summary>
/// The lines of a message of sd_notify(3), <c>KEY=VALUE</c> each, one after the other. A line that makes no sense is
/// <see cref="NotifyWord.Other"/>: the programs that send them know keys that we do not.
/// </summary>
internal ref struct NotifyMessage(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The word of the line at hand.</summary>
    public NotifyWord Word { get; private set; }

    /// <summary>The part after the equals sign.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value of the words that have a number, from 0.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line; false after the last one.</summary>
    public bool TryNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        int end = _rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        int equal = line.IndexOf((byte)'=');
        Value = equal < 0 ? default : line[(equal + 1)..];
        Word = equal < 0 ? NotifyWord.Other : Find(line[..equal]);
        return true;
    }

    private NotifyWord Find(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("READY"u8) ? IfOne(NotifyWord.Ready)
        : key.SequenceEqual("RELOADING"u8) ? IfOne(NotifyWord.Reloading)
        : key.SequenceEqual("STOPPING"u8) ? IfOne(NotifyWord.Stopping)
        : key.SequenceEqual("STATUS"u8) ? NotifyWord.Status
        : key.SequenceEqual("MAINPID"u8) ? IfNumber(NotifyWord.MainPid, 1, int.MaxValue)
        : key.SequenceEqual("WATCHDOG"u8) ? FindWatchdog()
        : key.SequenceEqual("WATCHDOG_USEC"u8) ? IfNumber(NotifyWord.WatchdogTime, 0, MostMicroseconds)
        : key.SequenceEqual("EXTEND_TIMEOUT_USEC"u8) ? IfNumber(NotifyWord.ExtendTimeout, 0, MostMicroseconds)
        : key.SequenceEqual("BARRIER"u8) ? IfOne(NotifyWord.Barrier)
        : key.SequenceEqual("FDSTORE"u8) ? IfOne(NotifyWord.FdStore)
        : key.SequenceEqual("FDSTOREREMOVE"u8) ? IfOne(NotifyWord.FdStoreRemove)
        : key.SequenceEqual("FDNAME"u8) ? NotifyWord.FdName
        : NotifyWord.Other;

    // 68 years, as all times of the protocol.
    private const long MostMicroseconds = int.MaxValue * 1_000_000L;

    private readonly NotifyWord FindWatchdog() =>
        Value.SequenceEqual("trigger"u8) ? NotifyWord.WatchdogTrigger : IfOne(NotifyWord.Watchdog);

    private readonly NotifyWord IfOne(NotifyWord word) => Value.SequenceEqual("1"u8) ? word : NotifyWord.Other;

    private NotifyWord IfNumber(NotifyWord word, long least, long most)
    {
        bool isNumber = ArgumentTypes.TryInteger(Value, out long number) && number >= least && number <= most;
        Number = isNumber ? number : 0;
        return isNumber ? word : NotifyWord.Other;
    }
}

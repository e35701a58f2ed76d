using System;
using Daemonproxy.Access;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Logging;

/// <summary>The subjects of messages that peers of a restricted control socket cause.</summary>
internal enum PeerMessageKind
{
    /// <summary>The start or the end of a run, a warning about a descriptor, and anything else.</summary>
    Other,

    /// <summary>A connection and its peer: no flood of other messages may hide it.</summary>
    Connection,
}

/// <summary>
/// The log messages that the peers of restricted control sockets cause, so that none of them fills a disk: so many of
/// each kind in a minute, and then their number. A crash of the daemon forgets what was counted.
/// </summary>
internal sealed class PeerMessages(SystemCalls kernel, AccessPolicies accesses, Log log) : EventSource
{
    /// <summary>The messages of one kind of one access in a minute: one a second.</summary>
    public const int Most = 60;

    private const int MinuteSeconds = 60;
    private const int Kinds = 2;

    private readonly FixedArray<RateWindow> _shares = new(kernel, Kinds * (Limits.Accesses + 1));

    // The end of the first minute in which a message was left out.
    private Instant _nearest = Instant.Never;

    public override Instant PrepareWait(Instant now) => _nearest;

    /// <summary>Logs the numbers of messages that were left out in minutes that are over.</summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        if (now < _nearest)
        {
            return;
        }

        _nearest = Instant.Never;
        for (int index = 0; index < _shares.Length; index++)
        {
            if (_shares[index].LeftOut > 0 && now >= EndOf(_shares[index]))
            {
                Report(index);
            }

            _nearest = _shares[index].LeftOut > 0 ? Instant.Earlier(_nearest, EndOf(_shares[index])) : _nearest;
        }
    }

    /// <summary>Counts a message; whether it is to be logged.</summary>
    public bool TryCount(LogLevel level, AccessPolicyIndex access, PeerMessageKind kind)
    {
        if (access.IsAll)
        {
            return true;
        }

        Instant now = kernel.Now();
        int index = (access.Value * Kinds) + (int)kind;
        ref RateWindow share = ref _shares[index];
        if (share.Logged > 0 && now >= EndOf(share))
        {
            Report(index);
        }

        share.Since = share.Logged == 0 ? now : share.Since;
        if (share.Logged < Most)
        {
            share.Logged++;
            return true;
        }

        share.LeftOut++;
        share.Level = level > share.Level ? level : share.Level;
        _nearest = Instant.Earlier(_nearest, EndOf(share));
        return false;
    }

    /// <summary>The first access that sees a descriptor of this name, and may give it to its services.</summary>
    public AccessPolicyIndex FirstThatSees(ReadOnlySpan<byte> name)
    {
        for (int index = 1; index <= Limits.Accesses; index++)
        {
            AccessPolicyIndex access = new((byte)index);
            if (accesses.Exists(access) && accesses.Sees(access, name))
            {
                return access;
            }
        }

        return default;
    }

    private static Instant EndOf(in RateWindow share) => share.Since + new Seconds(MinuteSeconds);

    // Begins a new minute.
    private void Report(int index)
    {
        RateWindow share = _shares[index];
        _shares[index] = default;
        AccessPolicyIndex access = new((byte)(index / Kinds));
        if (share.LeftOut == 0 || !accesses.Exists(access) || !log.Wants(share.Level))
        {
            return;
        }

        LineWriter line = log.Begin(share.Level);
        line.Text("the control socket"u8);
        if (!accesses[access].Socket.IsEmpty)
        {
            line.Text(" '"u8);
            line.Name(accesses[access].Socket.Value);
            line.Text("'"u8);
        }

        line.Text(" had "u8);
        line.Integer(share.LeftOut);
        line.Text(index % Kinds == (int)PeerMessageKind.Connection
            ? " more connections within a minute"u8 : " more messages about its services within a minute"u8);
        log.End(ref line);
    }

    private struct RateWindow
    {
        public Instant Since;
        public int Logged;
        public LogLevel Level;
        public long LeftOut;
    }
}

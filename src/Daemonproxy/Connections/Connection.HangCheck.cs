using System;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>
/// A controller whose service is ended when it hangs (<c>conn.event_timeout</c> with <c>restart</c>) also hangs when it
/// does not read a few events, which fill no buffer. The kernel tells how much it has not read: looked at around each
/// write, and once when the time is over. A controller that is slow has read or sent something by then, and gets the
/// time anew.
/// </summary>
internal sealed partial class Connection
{
    // What is not read at the end of the turn that wrote it says nothing: its reader has not run yet.
    private const int LeastUnreadSeconds = 1;

    // Since when it has read and sent nothing, although something waits; none if nothing did when it was last looked
    // at. Not in the image: after a resume the time begins anew.
    private Instant _unreadSince = Instant.None;
    private long _unread;

    // When it hangs unless it has read something by then. Once it is blocked, SlowReader decides.
    private Instant UnreadDue =>
        _unreadSince.IsNone || !Record.BlockedSince.IsNone || !IsListening
            ? Instant.Never
            : _unreadSince + new Seconds(Math.Max(Record.CloseSeconds, LeastUnreadSeconds));

    // After a write, and when it is watched from now on.
    private void NoteUnread()
    {
        if (!Record.EndsService || !IsListening)
        {
            _unreadSince = Instant.None;
            return;
        }

        _unread = _kernel.CountUnread(Record.Output, Record.OutputIdentity.Kind);
        _unreadSince = _unread == 0 ? Instant.None
            : _unreadSince.IsNone ? _kernel.Now()
            : _unreadSince;
    }

    // What sends something does not hang: of a socket, the kernel does not tell that a part of a batch was read.
    private void NoteSending()
    {
        if (!_unreadSince.IsNone)
        {
            _unreadSince = _kernel.Now();
        }
    }

    // Before a write, and at the end of the time.
    private void NoteReading()
    {
        if (_unreadSince.IsNone || !IsListening)
        {
            return;
        }

        long before = _unread;
        NoteUnread();
        if (_unread < before && _unread > 0)
        {
            _unreadSince = _kernel.Now();
        }
    }

    private void JudgeUnread(Instant now)
    {
        if (now < UnreadDue)
        {
            return;
        }

        Instant since = _unreadSince;
        NoteReading();
        if (_unreadSince != since)
        {
            return;
        }

        if (_log.Wants(LogLevel.Error, Record.Access))
        {
            LogMessages.UnreadTooLong(_log, Index, Instant.Between(since, now).Value);
        }

        _unreadSince = Instant.None;
        ClearOutbox();
        CloseHung();
    }
}

using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <content>The connections in a turn of the loop: all read in one step, and all write in another.</content>
internal sealed partial class ConnectionTable : EventSource
{
    public override bool Watches(PollTokenKind kind) =>
        kind is PollTokenKind.ConnectionInput or PollTokenKind.ConnectionOutput;

    public override Instant PrepareWait(Instant now)
    {
        Instant next = Instant.Never;
        foreach (Connection connection in Used)
        {
            if (connection.IsInUse)
            {
                next = Instant.Earlier(next, connection.PrepareWait(now));
                next = MayStartCopy(connection) ? Instant.Earlier(next, now + new Seconds(RetrySeconds)) : next;
            }
        }

        return next;
    }

    public override void OnReady(in ReadyDescriptor ready)
    {
        Connection connection = _connections[ready.Token.Index];
        if (connection.IsInUse)
        {
            connection.OnReady(ready);
        }
    }

    public override void Run(TurnStep step, ref Instant now)
    {
        foreach (Connection connection in Used)
        {
            if (!connection.IsInUse)
            {
                continue;
            }

            if (step == TurnStep.Reading)
            {
                if (connection.Record.WaitsForCopy)
                {
                    Copy(connection);
                }

                if (connection.Read())
                {
                    _pace.NoteInput(connection.Index, now);
                }

                continue;
            }

            connection.Flush(now);
            if (connection.IsOver)
            {
                End(connection, now);
            }
        }
    }

    private void End(Connection connection, Instant now)
    {
        if (connection.Record.IsHung)
        {
            Controllers!.EndHung(connection.Record.Service, now);
        }

        connection.Pass(CrashPoint.ConnectionEnd);
        if (connection.Record.Kind == ConnectionKind.Interactive)
        {
            _sessionEnd.Note();
        }

        Drop(connection);
        BeginNextConfig();
    }
}

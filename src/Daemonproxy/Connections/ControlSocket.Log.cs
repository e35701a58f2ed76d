using System;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The log messages of a control socket.</summary>
internal sealed partial class ControlSocket
{
    // The peer, from the kernel, not from its own claim. To a socket that only root can open, scripts connect all the
    // time.
    private void LogPeer(int connection, FdNumber peer)
    {
        LogLevel level = Access.IsAll ? LogLevel.Debug : LogLevel.Info;
        if (!_log.Wants(level, Access, PeerMessageKind.Connection))
        {
            return;
        }

        LineWriter line = _log.Begin(level);
        line.Text("controller "u8);
        line.Integer(connection);
        line.Text(" connected to the control socket"u8);
        WriteName(ref line);
        PeerCredentials credentials = _kernel.CredentialsOf(peer);
        line.Text(": user "u8);
        line.Integer(credentials.User);
        line.Text(", group "u8);
        line.Integer(credentials.Group);
        line.Text(", process "u8);
        line.Pid(credentials.Pid);
        _log.End(ref line);
    }

    private void LogOwnFull(int waiting)
    {
        LineWriter line = _log.Begin(LogLevel.Warning);
        line.Text("the control socket"u8);
        WriteName(ref line);
        line.Text(" has no slot for another controller; connections that wait: "u8);
        line.Integer(waiting);
        _log.End(ref line);
    }

    private void WriteName(ref LineWriter line)
    {
        if (!_record[_place].Name.IsEmpty)
        {
            line.Text(" '"u8);
            line.Name(_record[_place].Name.Value);
            line.Text("'"u8);
        }
    }

    // Without a descriptor for it, a connection stays in the queue, and the kernel would tell of it again and again.
    private void NoteRefusal(Errno errno, Instant now)
    {
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return;
        }

        _retry = now + new Seconds(RetrySeconds);
        if (_log.Wants(LogLevel.Warning))
        {
            LineWriter line = _log.Begin(LogLevel.Warning);
            line.Text("cannot take a connection to the control socket: "u8);
            line.Errno(errno);
            _log.End(ref line);
        }
    }

    // Once a minute at most: a program that connects again and again must not fill the log.
    private void LogFull(Instant now)
    {
        int waiting = now < _nextFullMessage || !_log.Wants(LogLevel.Warning) ? 0 : CountWaiting();
        if (waiting == 0)
        {
            return;
        }

        _nextFullMessage = now + new Seconds(FullSeconds);
        if (!Access.IsAll)
        {
            LogOwnFull(waiting);
            return;
        }

        int ofServices = 0;
        int ofSocket = 0;
        foreach (Connection connection in _connections.Used)
        {
            ofServices += connection.Record.Kind == ConnectionKind.Service ? 1 : 0;
            ofSocket += connection.Record.Kind == ConnectionKind.Socket ? 1 : 0;
        }

        LineWriter line = _log.Begin(LogLevel.Warning);
        line.Text("all "u8);
        line.Integer(_connections.All.Length);
        line.Text(" slots for controllers are taken, "u8);
        line.Integer(ofSocket);
        line.Text(" by control sockets and "u8);
        line.Integer(ofServices);
        line.Text(" by services; connections that wait: "u8);
        line.Integer(waiting);
        _log.End(ref line);
    }

    private void LogRefusal(ReadOnlySpan<byte> path, ReadOnlySpan<byte> reason)
    {
        if (_log.Wants(LogLevel.Error))
        {
            LineWriter line = _log.Begin(LogLevel.Error);
            line.Text("cannot listen for controllers at \""u8);
            line.Text(path);
            line.Text("\": "u8);
            line.Text(reason);
            _log.End(ref line);
        }
    }
}

using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The socket of the daemon's own supervisor: connected at the start, so that a message waits for no path.
/// </summary>
internal sealed unsafe partial class LinuxSystemCalls
{
    private FdNumber _supervisor = FdNumber.None;
    private long _supervisorWatchdog;

    public override bool HasSupervisor => !_supervisor.IsNone;

    public override long SupervisorWatchdog => _supervisorWatchdog;

    public override Errno NotifySupervisor(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            return NativeMethods.send(_supervisor.Value, bytes, message.Length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0
                ? Errno.None
                : SignalSafeCalls.LastError;
        }
    }

    // The socket that NOTIFY_SOCKET names: a path, or an abstract address after an at sign.
    private void FindSupervisor()
    {
        ReadOnlySpan<byte> name = _vectors.Variable("NOTIFY_SOCKET="u8);
        if (name.Length < 2 || name.Length > SocketAddress.LongestPath || name[0] is not ((byte)'/' or (byte)'@'))
        {
            return;
        }

        int fd = socket((int)SocketDomain.Unix, (int)SocketType.Datagram | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        Span<byte> address = stackalloc byte[sizeof(SocketAddress)];
        address.Clear();
        address[0] = (byte)SocketDomain.Unix;
        name.CopyTo(address[2..]);
        address[2] = name[0] == (byte)'@' ? (byte)0 : name[0];
        fixed (byte* bytes = address)
        {
            _supervisor = AboveStandard(fd);
            if (!_supervisor.IsNone && connect(_supervisor.Value, (sockaddr*)bytes, (uint)(2 + name.Length)) < 0)
            {
                _ = close(_supervisor.Value);
                _supervisor = FdNumber.None;
            }
        }

        ReadOnlySpan<byte> pid = _vectors.Variable("WATCHDOG_PID="u8);
        bool isOurs = pid.IsEmpty || (ArgumentTypes.TryInteger(pid, out long number) && number == OwnPid().Value);
        bool hasWatchdog = ArgumentTypes.TryInteger(_vectors.Variable("WATCHDOG_USEC="u8), out long microseconds);
        _supervisorWatchdog = isOurs && hasWatchdog && microseconds > 0 ? microseconds : 0;
    }
}

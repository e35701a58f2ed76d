using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>
/// Checks that the path of each control socket still leads to it, as process 1, after children have ended: one of
/// them may have mounted a file system over it. If not, a helper makes the socket anew there. One socket after the
/// other.
/// </summary>
internal sealed class ControlSocketRenewal(
    DaemonSettings settings,
    Statistics statistics,
    ControlSockets sockets,
    HelperTable helpers,
    Log log) : EventSource, IHelperOwner
{
    // If children end all the time, one helper per second is a negligible load.
    private const int PauseSeconds = 1;

    private long _ends;
    private readonly bool[] _isRefused = new bool[Limits.ControlSockets];
    private bool _isDue;
    private bool _isUnderWay;

    // The sockets that remain to be checked, and the one being checked.
    private int _left;
    private int _slot;
    private Instant _next = Instant.None;

    public override Instant PrepareWait(Instant now) =>
        _isUnderWay ? Instant.Never
        : _left > 0 ? now
        : !_isDue ? Instant.Never
        : _next.IsNone ? now
        : _next;

    public override void Run(TurnStep step, ref Instant now)
    {
        if (!settings.IsInit)
        {
            return;
        }

        long ends = statistics[Counter.ReapsServices] + statistics[Counter.ReapsStrangers];
        _isDue |= ends != _ends;
        _ends = ends;
        if (_isDue && !_isUnderWay && _left == 0 && _next <= now)
        {
            _isDue = false;
            _next = now + new Seconds(PauseSeconds);
            _left = sockets.Used.Length;
        }

        while (_left > 0 && !_isUnderWay)
        {
            _slot = --_left;
            ControlSocket socket = sockets.All[_slot];
            _isUnderWay = !socket.Listener.IsNone
                && socket.TryPlanRenewal(out HelperSlot helper)
                && helpers.Start(helper, HelperRecord.NoConnection) == Errno.None;
        }
    }

    void IHelperOwner.Finish(HelperSlot slot, ref HelperAnswer answer, Instant now)
    {
        _isUnderWay = false;
        ControlSocket socket = sockets.All[_slot];
        if (answer.Step == HelperStep.Kept || socket.Listener.IsNone)
        {
            _isRefused[_slot] = false;
            return;
        }

        FixedText path = socket.Record.Path;
        if (answer.Reason != Errno.None)
        {
            // Said once, until it is there again. It is tried again after the next end of a child.
            bool wasRefused = _isRefused[_slot];
            _isRefused[_slot] = true;
            if (!wasRefused)
            {
                LogMessages.SocketHidden(log, path.Value, answer.Reason);
            }

            return;
        }

        _isRefused[_slot] = false;
        LogMessages.SocketRenewed(log, path.Value);
        socket.FinishRenewal(answer, slot);
        answer.Fd = FdNumber.None;
    }
}

using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// The daemon's priority while starts are due and wait for young launches: with the same weight as those, it would wait
/// behind them (decision 63).
/// </summary>
internal sealed partial class ServiceLauncher
{
    // Launches that hang keep all slots for longer than young ones do.
    private static readonly Seconds s_longestWait = new(1);

    private bool _isBehind;
    private Instant _lastBegun;

    private void RaisePriority(Instant now)
    {
        if (!_isBehind && slots.HasUsed && NextDue(now) <= now && MayBeRaised(now))
        {
            _isBehind = true;
            kernel.RaisePriority(true);
        }
    }

    private void WithdrawPriority(Instant now)
    {
        if (_isBehind && (NextDue(now) > now || !MayBeRaised(now)))
        {
            _isBehind = false;
            kernel.RaisePriority(false);
        }
    }

    private bool MayBeRaised(Instant now) => !slots.IsOneByOne(now) && now <= _lastBegun + s_longestWait;
}

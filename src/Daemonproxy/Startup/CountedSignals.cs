using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>The signals that the daemon counts and announces instead of obeying them.</summary>
internal static class CountedSignals
{
    /// <summary>The orders of systemd and LXC to a process 1 are among these real-time signals.</summary>
    private const int FirstRealTime = Signal.SIGRTMIN + 1;
    private const int LastRealTime = Signal.SIGRTMIN + 15;

    /// <summary>Process 1 also gets SIGWINCH from the keyboard.</summary>
    public static SignalSet For(bool isInit)
    {
        SignalSet counted = default(SignalSet)
            .With(Signal.SIGINT).With(Signal.SIGHUP).With(Signal.SIGTERM)
            .With(Signal.SIGUSR1).With(Signal.SIGUSR2).With(Signal.SIGQUIT).With(Signal.SIGPWR);
        for (int signal = FirstRealTime; signal <= LastRealTime; signal++)
        {
            counted = counted.With(signal);
        }

        return isInit ? counted.With(Signal.SIGWINCH) : counted;
    }
}

using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>The signals that the daemon counts and announces instead of obeying them.</summary>
internal static class CountedSignals
{
    /// <summary>Process 1 also gets SIGPWR from the power supply and SIGWINCH from the keyboard.</summary>
    public static SignalSet For(bool isInit)
    {
        SignalSet counted = default(SignalSet)
            .With(Signal.SIGINT).With(Signal.SIGHUP).With(Signal.SIGTERM)
            .With(Signal.SIGUSR1).With(Signal.SIGUSR2).With(Signal.SIGQUIT);
        return isInit ? counted.With(Signal.SIGPWR).With(Signal.SIGWINCH) : counted;
    }
}

using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>
/// The steps by which a process becomes the daemon, in their order; a fresh start and a resumption both end in them.
/// Crashes are survived already: a resumption installs those handlers before it reads the image.
/// </summary>
internal static unsafe class LastStartSteps
{
    /// <summary>Makes this process the daemon. Everything is allocated already.</summary>
    public static void Run(SystemCalls kernel, DaemonComponents components)
    {
        // Until here signals wait, or have their inherited disposition.
        kernel.CountSignals(components.Signals.Counts, components.Signals.Counted);
        components.DaemonAttributes.Request();
        components.Rescue.IsContained = components.DaemonAttributes.IsContained;

        // Children that ended before SIGCHLD had a handler, and triggers whose signals are announced already.
        Instant now = kernel.Now();
        components.Reaper.ReapAll(now);
        components.LaunchSlots.Replenish();
        components.ServiceManager.ConsiderTriggers(now);
        kernel.NotifyReady();
        kernel.Seal();

        // After that, which puts other limits back.
        ulong before = kernel.RaiseOpenFiles();
        if (components.Settings.ServiceOpenFiles == 0)
        {
            components.Settings.SetServiceOpenFiles(before);
        }

        ulong given = components.Settings.ServiceOpenFiles;
        kernel.SetServiceOpenFiles(given == SystemCalls.AsManyOpenFiles ? 0 : given);
    }
}

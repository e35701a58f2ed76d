using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>Opens the image that a process before this one left, and resumes the daemon from it.</summary>
internal sealed class DaemonResumer(SystemCalls kernel, LaunchEnvironment environment)
{
    /// <summary>
    /// The daemon of this image: after a crash, in the place of another program, or for the first time in the
    /// background. Null when it must not run any more, and then the exit code.
    /// </summary>
    public DaemonComponents? Resume(FdNumber fd, bool isFirst, out int exitCode)
    {
        exitCode = ExitCode.BrokenState;
        string? reason = TryOpen(fd, out StateImage? image);
        if (reason is not null)
        {
            LogRefusal(reason);
            return null;
        }

        SignalSet counted = CountedSignals.For(isInit: kernel.OwnPid().Value == 1);
        DaemonComponents components = new(kernel, image!, environment, counted);
        StateRecovery recovery = new(kernel, components);
        if (image!.Header.Crash.WindowCount > Limits.Crashes)
        {
            recovery.EndAfterCrashes();
            return null;
        }

        recovery.Run(ResumeReasons.Of(image.Header, isFirst));
        return components;
    }

    private string? TryOpen(FdNumber fd, out StateImage? image)
    {
        image = null;
        if (fd.IsNone)
        {
            return "there is none";
        }

        ImageLayout layout = DaemonImageLayout.Create(TableCapacities.Default);
        string? reason = ImageMigration.TryOpen(kernel, fd, layout, isCopy: false, out image);
        return reason is null && image!.Header.Crash.Owner != kernel.OwnPid().Value
            ? "it belongs to another process"
            : reason;
    }

    private void LogRefusal(string reason)
    {
        EventLine text = new(new byte[256]);
        text.Text("cannot resume the image: "u8);
        foreach (char c in reason)
        {
            text.Byte((byte)c);
        }

        new StartupLog(kernel, new StartOptions(isInit: false)).Fatal(text.Written, continues: false);
    }
}

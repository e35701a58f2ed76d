using System;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Options;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Time;

namespace Daemonproxy;

/// <summary>Options → kernel → daemon → exit code. The only place that knows that the kernel is Linux.</summary>
internal static unsafe class Program
{
    private static SignalSet Counted => default(SignalSet)
        .With(Signal.SIGINT).With(Signal.SIGHUP).With(Signal.SIGTERM)
        .With(Signal.SIGUSR1).With(Signal.SIGUSR2).With(Signal.SIGQUIT);

    private static int Main()
    {
        if (!InitialStack.TryFind(out InitialStack stack))
        {
            return ExitCode.BrokenState;
        }

        try
        {
            LinuxKernel? kernel = LinuxKernel.TryCreate(stack, Limits.Crashes, new Seconds(Limits.CrashWindow));
            if (kernel is null)
            {
                return ExitCode.BadEnvironment;
            }

            return CrashHandler.IsResumed(stack) ? GoOn(kernel, stack) : Start(kernel, stack);
        }
        catch (Exception)
        {
            // Not FailFast: that writes to standard error first, which may be a full pipe.
            CrashHandler.Crash(0);
            return ExitCode.BrokenState;
        }
    }

    private static int Start(LinuxKernel kernel, in InitialStack stack)
    {
        StartOptions options = new();
        Startup startup = new(kernel, options, EnvironmentOf(stack), Counted);
        byte[]? problem = CommandLine.Apply(stack.Arguments + 1, stack.ArgumentCount - 1, options);
        if (problem is not null)
        {
            startup.Fatal(problem);
            return ExitCode.BadOptions;
        }

        if (options.WantsHelp || options.WantsVersion)
        {
            return Inform(kernel, options);
        }

        Daemon? daemon = startup.TryStart(out int exitCode);
        if (daemon is null)
        {
            return exitCode;
        }

        if (!daemon.Image.Fd.IsNone)
        {
            kernel.SurviveCrashes(daemon.Image.CrashNote, daemon.Image.Fd);
        }

        return Run(kernel, daemon);
    }

    private static int GoOn(LinuxKernel kernel, in InitialStack stack)
    {
        FdNumber fd = CrashHandler.ImageOf(stack);
        string? reason = "there is none";
        StateImage? image = null;
        if (!fd.IsNone)
        {
            reason = StateImage.TryOpen(kernel, fd, DaemonLayout.Create(), out image);
        }

        if (image is null)
        {
            EventLine text = new(new byte[256]);
            text.Text("fatal: cannot resume the image: "u8);
            foreach (char c in reason!)
            {
                text.Byte((byte)c);
            }

            text.Byte((byte)'\n');
            int sent = 0;
            kernel.Write(new FdNumber(2), text.Written, ref sent);
            return ExitCode.BrokenState;
        }

        if (image.Header.Crash.WindowCount > Limits.Crashes || image.Header.Crash.Owner != kernel.OwnPid().Value)
        {
            return ExitCode.BrokenState;
        }

        Daemon daemon = new(kernel, image, EnvironmentOf(stack), Counted);
        new Resume(kernel, image, daemon).Run(Counted);
        kernel.TellReady();
        return Run(kernel, daemon);
    }

    private static int Run(LinuxKernel kernel, Daemon daemon)
    {
        kernel.Seal();
        int exitCode = daemon.Run();
        if (daemon.Lifetime.IsOutputOurs)
        {
            kernel.SetNonblocking(new FdNumber(1), false);
        }

        return exitCode;
    }

    private static int Inform(LinuxKernel kernel, StartOptions options)
    {
        int sent = 0;
        EventLine text = new(new byte[VersionText.Longest]);
        VersionText.Write(ref text);
        ReadOnlySpan<byte> told = options.WantsHelp ? OptionTable.Help : text.Written;
        while (sent < told.Length)
        {
            if (kernel.Write(new FdNumber(1), told[sent..], ref sent) is not (Errno.None or Errno.EINTR))
            {
                break;
            }
        }

        return ExitCode.Informed;
    }

    private static LaunchEnvironment EnvironmentOf(in InitialStack stack) =>
        new(stack.Environment, SearchPath.Find(stack.Environment));
}

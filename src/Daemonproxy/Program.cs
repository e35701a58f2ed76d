using System;
using Daemonproxy.Kernel.Linux;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;

namespace Daemonproxy;

/// <summary>Options → kernel → daemon → exit code. The only place that knows that the kernel is Linux.</summary>
internal static unsafe class Program
{
    private static int Main()
    {
        if (!InitialStack.TryFind(out InitialStack stack))
        {
            return ExitCode.BrokenState;
        }

        try
        {
            LinuxSystemCalls? kernel =
                LinuxSystemCalls.TryCreate(stack, Limits.Crashes, new Seconds(Limits.CrashWindow));
            int exitCode = kernel is null ? ExitCode.BadEnvironment : Run(kernel, stack);

            // Asked for help, process 1 may end: in a container that is of use. Whatever else went wrong, it stays.
            if (exitCode != ExitCode.Informed && SignalSafeCalls.getpid() == 1)
            {
                CrashEntry.Stay();
            }

            return exitCode;
        }
        catch (Exception)
        {
            // Not FailFast: that writes to standard error first, which may be a full pipe.
            CrashEntry.Crash(0);
            return ExitCode.BrokenState;
        }
    }

    private static int Run(LinuxSystemCalls kernel, in InitialStack stack)
    {
        LaunchEnvironment environment = new(stack.Environment, SearchPath.Find(stack.Environment));
        if (ResumeArguments.IsCheck(stack))
        {
            kernel.Answer(new UpgradeCheck(kernel, environment).Run(ResumeArguments.CheckedImageOf(stack)));
            return ExitCode.Success;
        }

        DaemonComponents? components;
        int exitCode;
        if (ResumeArguments.IsResumed(stack))
        {
            components = new DaemonResumer(kernel, environment).Resume(
                ResumeArguments.ImageOf(stack), isFirst: !ResumeArguments.ReadyOf(stack).IsNone, out exitCode);
        }
        else
        {
            DaemonStarter starter = new(kernel, environment);
            components = starter.Start(stack.Arguments + 1, stack.ArgumentCount - 1, out exitCode);
            exitCode = starter.HasSuccessor ? starter.AwaitSuccessor() : exitCode;
        }

        if (components is null)
        {
            return exitCode;
        }

        Daemon daemon = new(kernel, components);
        Activation.Run(kernel, components);
        return daemon.Run();
    }
}

using System;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Time;

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
            LinuxKernel? kernel = LinuxKernel.TryCreate(stack, Limits.Crashes, new Seconds(Limits.CrashWindow));
            int exitCode = kernel is null ? ExitCode.BadEnvironment : Run(kernel, stack);

            // Asked for help, process 1 may end: in a container that is of use. Whatever else went wrong, it stays.
            if (exitCode != ExitCode.Informed && Bare.getpid() == 1)
            {
                CrashHandler.Stay();
            }

            return exitCode;
        }
        catch (Exception)
        {
            // Not FailFast: that writes to standard error first, which may be a full pipe.
            CrashHandler.Crash(0);
            return ExitCode.BrokenState;
        }
    }

    private static int Run(LinuxKernel kernel, in InitialStack stack)
    {
        LaunchEnvironment environment = new(stack.Environment, SearchPath.Find(stack.Environment));
        if (CrashHandler.IsAsked(stack))
        {
            kernel.Answer(new Rehearsal(kernel, environment).Run(CrashHandler.AskedOf(stack)));
            return ExitCode.Success;
        }

        Boot boot = new(kernel, environment);
        Daemon? daemon;
        int exitCode;
        if (CrashHandler.IsResumed(stack))
        {
            daemon = boot.GoOn(CrashHandler.ImageOf(stack), !CrashHandler.ReadyOf(stack).IsNone, out exitCode);
            if (daemon is not null)
            {
                kernel.TellReady();
            }
        }
        else
        {
            daemon = boot.Start(stack.Arguments + 1, stack.ArgumentCount - 1, out exitCode);
            exitCode = boot.HasSuccessor ? boot.AwaitSuccessor() : exitCode;
        }

        if (daemon is null)
        {
            return exitCode;
        }

        kernel.Seal();
        return daemon.Run();
    }
}

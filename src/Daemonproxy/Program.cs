using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel.Linux;
using Daemonproxy.Kernel.SignalSafe;
using Daemonproxy.Launching;
using Daemonproxy.PowerCommands;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Sending;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;
using Daemonproxy.Upgrade.Checking;

namespace Daemonproxy;

/// <summary>Options → kernel → daemon → exit code. The only place that knows that the kernel is Linux.</summary>
internal static unsafe class Program
{
    private static int Main()
    {
        ProcessArguments vectors = ProcessArguments.Take();
        try
        {
            if (TrySend(vectors, out int sent))
            {
                return sent;
            }

            LinuxSystemCalls? kernel =
                LinuxSystemCalls.TryCreate(vectors, Limits.Crashes, new Seconds(Limits.CrashWindow));
            bool isReleased = false;
            int exitCode = kernel is null ? ExitCode.BadEnvironment : Run(kernel, vectors, out isReleased);

            // Asked for help, or without a way in, process 1 may end: in a container that is of use. Whatever else
            // went wrong, it stays.
            if (exitCode != ExitCode.Informed && !isReleased && SignalSafeCalls.getpid() == 1)
            {
                CrashEntry.Stay();
            }

            return exitCode;
        }
        catch (OutOfMemoryException)
        {
            // Only a start allocates from the heap. Executed again, it would get as little.
            MappedMemory.Require(null);
            return ExitCode.BadEnvironment;
        }
        catch (Exception)
        {
            // Not FailFast: that writes to standard error first, which may be a full pipe.
            CrashEntry.Crash(0);
            return ExitCode.BrokenState;
        }
    }

    // A client starts no part of the daemon. Errors of its options are reported as the daemon's.
    private static bool TrySend(in ProcessArguments vectors, out int exitCode)
    {
        exitCode = ExitCode.Success;
        if (!vectors.HasWord("--send"u8))
        {
            return false;
        }

        StartOptions options = new(isInit: false);
        int at = 1;
        bool isClient = OptionParser.Apply(vectors.Arguments, vectors.ArgumentCount, ref at, options) is null
            && options.IsClient && !options.IsDone;
        exitCode = isClient ? new SendCommand(new SendingCalls(vectors)).Run(options) : exitCode;
        return isClient;
    }

    private static int Run(LinuxSystemCalls kernel, in ProcessArguments vectors, out bool isReleased)
    {
        isReleased = false;
        if (TryFindPowerCommand(kernel, vectors, out PowerCommandRunner? command))
        {
            return command.Run(WordsOf(vectors));
        }

        SharedLaunchData context = new(
            BaseEnvironment.ForServices(kernel, vectors.Environment),
            SearchPath.Find(vectors.Environment),
            Environment.ProcessorCount,
            BaseEnvironment.OwnUser,
            BaseEnvironment.NotifyDirectory(kernel, vectors.Environment));
        if (ResumeArguments.IsCheck(vectors))
        {
            byte[] answer = new UpgradeCheck(kernel, context).Run(ResumeArguments.CheckedImageOf(vectors));
            kernel.Answer(answer, Limits.ReexecCheck);
            return ExitCode.Success;
        }

        DaemonComponents? components;
        int exitCode;
        if (ResumeArguments.IsResumed(vectors))
        {
            components = ResumeSequence.Resume(
                kernel,
                context,
                ResumeArguments.ImageOf(vectors),
                isFirst: !ResumeArguments.ReadyOf(vectors).IsNone,
                out exitCode);
        }
        else
        {
            CommandLineStart starter = new(kernel, context);
            components = starter.Start(vectors.Arguments + 1, vectors.ArgumentCount - 1, out exitCode);
            exitCode = starter.HasBackgroundChild ? starter.AwaitBackgroundChild() : exitCode;
        }

        if (components is null)
        {
            return exitCode;
        }

        EventLoop loop = new(kernel, components);
        LastStartSteps.Run(kernel, components);
        int exitCodeOfDaemon = loop.Run();
        isReleased = components.ShutdownState.IsReleased;
        return exitCodeOfDaemon;
    }

    // By its name in argv[0]. Process 1 is the daemon by whatever name it is called, and so is each of its images.
    private static bool TryFindPowerCommand(
        LinuxSystemCalls kernel, in ProcessArguments vectors, [NotNullWhen(true)] out PowerCommandRunner? command)
    {
        bool isCommand = PowerCommand.TryFindName(
            Marshal.PtrToStringUTF8((nint)vectors.Arguments[0]) ?? string.Empty, out string name)
            && kernel.OwnPid().Value != 1 && !ResumeArguments.IsCheck(vectors) && !ResumeArguments.IsResumed(vectors);
        command = isCommand ? new PowerCommandRunner(kernel, name) : null;
        return isCommand;
    }

    private static string[] WordsOf(in ProcessArguments vectors)
    {
        string[] words = new string[vectors.ArgumentCount - 1];
        for (int at = 0; at < words.Length; at++)
        {
            words[at] = Marshal.PtrToStringUTF8((nint)vectors.Arguments[at + 1]) ?? string.Empty;
        }

        return words;
    }
}

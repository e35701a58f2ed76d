using System;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Recovery;
using Daemonproxy.Shutdown;
using Daemonproxy.State;

namespace Daemonproxy.Startup;

/// <summary>
/// From the words of the command line, or the image that a process before this one left, to a daemon that is ready for
/// its first turn; or to the code to exit with, or another program instead of exiting.
/// </summary>
internal sealed unsafe class DaemonStarter(SystemCalls kernel, LaunchEnvironment environment)
{
    private static readonly FdNumber StandardOutput = new(1);
    private readonly bool _isInit = kernel.OwnPid().Value == 1;
    private Pid _successor;
    private FdNumber _word = FdNumber.None;

    /// <summary>Whether a child goes on in the background, and this process has only to wait for its word.</summary>
    public bool HasSuccessor => !_successor.IsNone;

    private SignalSet Counted
    {
        get
        {
            SignalSet counted = default(SignalSet)
                .With(Signal.SIGINT).With(Signal.SIGHUP).With(Signal.SIGTERM)
                .With(Signal.SIGUSR1).With(Signal.SIGUSR2).With(Signal.SIGQUIT);
            return _isInit ? counted.With(Signal.SIGPWR).With(Signal.SIGWINCH) : counted;
        }
    }

    /// <summary>
    /// The daemon that these words ask for; null when there is none, and then the code to exit with.
    /// </summary>
    public Daemon? Start(byte** words, int count, out int exitCode)
    {
        StartOptions options = new(_isInit);
        StartupLog log = new(kernel, options);
        FreshStart start = new(kernel, options, log, environment, Counted);
        exitCode = ExitCode.BadOptions;
        if (ApplyWords(words, count, options, log) is byte[] problem)
        {
            return Leave(options, log, start, exitCode, problem);
        }

        if (options.IsDone)
        {
            exitCode = ExitCode.Informed;
            Inform(options);
            ReadOnlySpan<byte> told = options.WantsHelp ? "help was asked for"u8 : "version was asked for"u8;
            return Leave(options, log, start, exitCode, told);
        }

        Daemon? daemon = start.TryStart(out exitCode, out byte[] reason);
        if (daemon is null)
        {
            return Leave(options, log, start, exitCode, reason);
        }

        kernel.SurviveCrashes(daemon.Image.CrashNote, daemon.Image.Fd);
        if (!options.IsDaemonized)
        {
            return daemon;
        }

        if (!TryHandOver(daemon, log, out reason))
        {
            exitCode = ExitCode.BadEnvironment;
            daemon.Socket.Remove();
            return Leave(options, log, start, exitCode, reason);
        }

        exitCode = ExitCode.Success;
        return null;
    }

    /// <summary>
    /// Waits until the child in the background is ready, and prints its process ID, or says that it has ended; the code
    /// to exit with.
    /// </summary>
    public int AwaitSuccessor()
    {
        Span<byte> word = stackalloc byte[1];
        int filled = 0;
        Errno errno;
        do
        {
            errno = kernel.Read(_word, word, ref filled);
        }
        while (errno == Errno.EINTR);

        if (filled == 0)
        {
            new StartupLog(kernel, new StartOptions(isInit: false))
                .Fatal("the daemon ended before it was ready"u8, goesOn: false);
            return ExitCode.BrokenState;
        }

        EventLine text = new(new byte[16]);
        text.Pid(_successor);
        Print(text.Written);
        return ExitCode.Success;
    }

    /// <summary>
    /// The daemon of this image: after a crash, in the place of another program, or for the first time in the
    /// background. Null when it is not to go on, and then the code to exit with.
    /// </summary>
    public Daemon? GoOn(FdNumber fd, bool isFirst, out int exitCode)
    {
        exitCode = ExitCode.BrokenState;
        string? reason = fd.IsNone ? "there is none" : null;
        StateImage? image = null;
        if (reason is null)
        {
            ImageLayout layout = DaemonImageLayout.Create(TableCapacities.Default);
            reason = StateImage.TryOpen(kernel, fd, layout, isCopy: false, out image);
        }

        if (image is not null && image.Header.Crash.Owner != kernel.OwnPid().Value)
        {
            reason = "it belongs to another process";
            image = null;
        }

        if (image is null)
        {
            EventLine text = new(new byte[256]);
            text.Text("cannot resume the image: "u8);
            foreach (char c in reason!)
            {
                text.Byte((byte)c);
            }

            new StartupLog(kernel, new StartOptions(isInit: false)).Fatal(text.Written, goesOn: false);
            return null;
        }

        Daemon daemon = new(kernel, image, environment, Counted);
        Resumption resume = new(kernel, image, daemon);
        if (image.Header.Crash.WindowCount > Limits.Crashes)
        {
            resume.RunLast();
            return null;
        }

        resume.Run(Counted, ReasonOf(image, isFirst));
        daemon.ProcessAttributes.Make();
        return daemon;
    }

    private static ResumeReason ReasonOf(StateImage image, bool isFirst) =>
        isFirst ? ResumeReason.Background
            : image.Header.Replacing == image.Header.Crash.Count + 1 ? ResumeReason.Replacement
            : ResumeReason.Crash;

    // Every word in its order. The kernel passes process 1 words that are not for it.
    private byte[]? ApplyWords(byte** words, int count, StartOptions options, StartupLog log)
    {
        int at = 0;
        while (CommandLine.Apply(words, count, ref at, options) is byte[] problem)
        {
            log.Fatal(problem, goesOn: _isInit);
            if (!_isInit)
            {
                return problem;
            }
        }

        return null;
    }

    // Says nothing more than the program in our place does; only the code is left when there is none.
    private Daemon? Leave(
        StartOptions options, StartupLog log, FreshStart start, int exitCode, ReadOnlySpan<byte> reason)
    {
        if (options.ExecArgs.Length > 0)
        {
            EventLine line = new(new byte[Limits.ExecArgs + 128]);
            LogMessages.ExecOnExitText(ref line, ExecOnExit.ProgramOf(options.ExecArgs));
            log.Say(LogLevel.Warning, line.Written);
            Errno errno = new ExecOnExit(kernel, environment)
                .Execute(options.ExecArgs, exitCode, reason, start.Inherited);
            line = new EventLine(new byte[Limits.ExecArgs + 128]);
            LogMessages.CannotExecText(ref line, ExecOnExit.ProgramOf(options.ExecArgs), errno);
            log.Say(LogLevel.Error, line.Written);
        }

        return null;
    }

    private bool TryHandOver(Daemon daemon, StartupLog log, out byte[] reason)
    {
        reason = [];
        Errno errno = daemon.Image.Fd.IsNone
            ? Errno.ENOSYS
            : kernel.Daemonize(daemon.Image.Fd, out _successor, out _word);
        if (errno == Errno.None)
        {
            return true;
        }

        EventLine text = new(new byte[128]);
        text.Text("cannot go into the background: "u8);
        text.Errno(errno);
        log.Fatal(text.Written, goesOn: false);
        reason = text.Written.ToArray();
        return false;
    }

    private void Inform(StartOptions options)
    {
        EventLine text = new(new byte[VersionText.Longest]);
        VersionText.Write(ref text);
        Print(options.WantsHelp ? OptionTable.Help : text.Written);
    }

    private void Print(ReadOnlySpan<byte> text)
    {
        int sent = 0;
        while (sent < text.Length)
        {
            if (kernel.Write(StandardOutput, text[sent..], ref sent) is not (Errno.None or Errno.EINTR))
            {
                break;
            }
        }
    }
}

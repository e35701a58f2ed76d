using System;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Shutdown;

namespace Daemonproxy.Startup;

/// <summary>
/// From the words of the command line to a daemon that is ready for the last steps of its start; or to an exit code, or
/// to another program that is executed instead of exiting.
/// </summary>
internal sealed unsafe class CommandLineStart(SystemCalls kernel, SharedLaunchData context)
{
    private static readonly FdNumber StandardOutput = new(1);
    private readonly bool _isInit = kernel.OwnPid().Value == 1;
    private Pid _background;
    private FdNumber _word = FdNumber.None;

    /// <summary>True if a child is the daemon, in the background; this process only waits until it is ready.</summary>
    public bool HasBackgroundChild => !_background.IsNone;

    /// <summary>
    /// The daemon for these arguments; null if there is none, and then the exit code.
    /// </summary>
    public DaemonComponents? Start(byte** words, int count, out int exitCode)
    {
        StartOptions options = new(_isInit);
        StartupLog log = new(kernel, options);
        FreshStart start = new(kernel, options, log, context);
        exitCode = ExitCode.BadOptions;
        if (ApplyWords(words, count, options, log) is byte[] problem)
        {
            return Leave(options, log, start, exitCode, problem);
        }

        if (options.IsDone)
        {
            exitCode = ExitCode.Informed;
            Inform(options);
            ReadOnlySpan<byte> why = options.WantsHelp ? "help was asked for"u8 : "version was asked for"u8;
            return Leave(options, log, start, exitCode, why);
        }

        DaemonComponents? daemon = start.TryStart(out exitCode, out byte[] reason);
        if (daemon is null)
        {
            return Leave(options, log, start, exitCode, reason);
        }

        kernel.SurviveCrashes(daemon.Image.CrashNote, daemon.Image.SavedLimits, daemon.Image.Fd);
        if (!options.IsDaemonized)
        {
            return daemon;
        }

        if (!TryHandOver(daemon, log, out reason))
        {
            exitCode = ExitCode.BadEnvironment;
            daemon.Sockets.RemoveFiles();
            return Leave(options, log, start, exitCode, reason);
        }

        exitCode = ExitCode.Success;
        return null;
    }

    /// <summary>
    /// Waits until the child in the background is ready, and prints its process ID, or says that it has ended; the code
    /// to exit with.
    /// </summary>
    public int AwaitBackgroundChild()
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
                .Fatal("the daemon ended before it was ready"u8, continues: false);
            return ExitCode.BrokenState;
        }

        LineWriter text = new(new byte[16]);
        text.Pid(_background);
        Print(text.Written);
        return ExitCode.Success;
    }

    // Every word in its order. The kernel passes process 1 words that are not for it.
    private byte[]? ApplyWords(byte** words, int count, StartOptions options, StartupLog log)
    {
        int at = 0;
        while (OptionParser.Apply(words, count, ref at, options) is byte[] problem)
        {
            log.Fatal(problem, continues: _isInit);
            if (!_isInit)
            {
                return problem;
            }
        }

        return null;
    }

    // Executes the program in our place, or exits with the code if there is none.
    private DaemonComponents? Leave(
        StartOptions options, StartupLog log, FreshStart start, int exitCode, ReadOnlySpan<byte> reason)
    {
        if (options.ExecArgs.Length > 0)
        {
            LineWriter line = new(new byte[Limits.ExecArgs + 128]);
            LogMessages.ExecOnExitText(ref line, ExecOnExit.ProgramOf(options.ExecArgs));
            log.Say(LogLevel.Warning, line.Written);
            Errno errno = new ExecOnExit(kernel, context)
                .Execute(options.ExecArgs, exitCode, reason, start.Inherited);
            line = new LineWriter(new byte[Limits.ExecArgs + 128]);
            LogMessages.CannotExecText(ref line, ExecOnExit.ProgramOf(options.ExecArgs), errno);
            log.Say(LogLevel.Error, line.Written);
        }

        return null;
    }

    private bool TryHandOver(DaemonComponents daemon, StartupLog log, out byte[] reason)
    {
        reason = [];
        Errno errno = daemon.Image.Fd.IsNone
            ? Errno.ENOSYS
            : kernel.Daemonize(daemon.Image.Fd, out _background, out _word);
        if (errno == Errno.None)
        {
            return true;
        }

        LineWriter text = new(new byte[128]);
        text.Text("cannot go into the background: "u8);
        text.Errno(errno);
        log.Fatal(text.Written, continues: false);
        reason = text.Written.ToArray();
        return false;
    }

    private void Inform(StartOptions options)
    {
        LineWriter text = new(new byte[VersionText.Longest]);
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

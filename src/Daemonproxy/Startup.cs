using System;
using Daemonproxy.Controllers;
using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Options;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy;

/// <summary>
/// From options to a daemon that is ready for its first turn: the image, the descriptors that are there from the start,
/// the first controllers. Everything may allocate here; nothing may afterwards.
/// </summary>
internal sealed class Startup(Kernel kernel, StartOptions options, LaunchEnvironment environment, SignalSet counted)
{
    private static readonly FdNumber StandardInput = new(0);
    private static readonly FdNumber StandardOutput = new(1);
    private static readonly FdNumber StandardError = new(2);

    // Which of the three were closed, a bit for each.
    private int _closed;

    /// <summary>The daemon, or null and the code to exit with, once a fatal message was written.</summary>
    public Daemon? TryStart(out int exitCode)
    {
        exitCode = ExitCode.BadOptions;
        if (!options.IsInteractive && options.ConfigPath is null)
        {
            return Fatal("require -i or -c or -S"u8);
        }

        _closed = StandardFds.Fill(kernel);
        FdNumber config = FdNumber.None;
        if (options.ConfigPath is not null && !TryOpenConfig(out config, out exitCode))
        {
            return null;
        }

        exitCode = ExitCode.BadEnvironment;
        bool bothRead = options.IsInteractive && options.ConfigIsInput;
        if (options.IsInteractive && (bothRead || !IsOpen(StandardInput) || !IsOpen(StandardOutput)))
        {
            return Fatal("stdin/stdout are not usable!"u8);
        }

        exitCode = ExitCode.BrokenState;
        if (StateImage.TryCreate(kernel, DaemonLayout.Create(), out StateImage? image) != Errno.None)
        {
            return Fatal("there is no memory for the state of the daemon"u8);
        }

        Daemon daemon = new(kernel, image!, environment, counted);
        if (!daemon.TryReserve())
        {
            return Fatal("there is no memory for the state of the daemon"u8);
        }

        Fill(daemon, config);
        return daemon;
    }

    /// <summary>
    /// Writes a message of level fatal to standard error, unless the filter is above it: no filter is.
    /// </summary>
    public Daemon? Fatal(ReadOnlySpan<byte> text)
    {
        if (options.Filter < LogLevel.Fatal)
        {
            EventLine line = new(new byte[text.Length + 16]);
            line.Text("fatal: "u8);
            line.Text(text);
            line.Byte((byte)'\n');
            int sent = 0;
            kernel.Write(StandardError, line.Written, ref sent);
        }

        return null;
    }

    private bool IsOpen(FdNumber fd) => (_closed & (1 << fd.Value)) == 0;

    private bool TryOpenConfig(out FdNumber config, out int exitCode)
    {
        config = StandardInput;
        exitCode = ExitCode.BadEnvironment;
        if (options.ConfigIsInput)
        {
            return true;
        }

        Errno errno = kernel.Open(options.ConfigPath, OpenMode.Read, out config);
        if (errno == Errno.None)
        {
            return true;
        }

        if (errno is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG)
        {
            exitCode = ExitCode.BadOptions;
            EventLine text = new(new byte[options.ConfigPath!.Length + 32]);
            text.Text("Cannot stat configfile \""u8);
            text.Text(options.ConfigPath.AsSpan(0, options.ConfigPath.Length - 1));
            text.Byte((byte)'"');
            Fatal(text.Written);
        }
        else
        {
            Fatal("Unable to process config file"u8);
        }

        return false;
    }

    private unsafe void Fill(Daemon daemon, FdNumber config)
    {
        daemon.Lifetime.Begin(kernel.Now(), options.AllowsDebugCrash);
        daemon.Lifetime.SetGuard(options.Guard);
        daemon.Log.SetFilter(options.Filter);
        Verify.That(Name.TryParse("stderr"u8, FdName.Longest, out Name log));
        daemon.Log.SetDestination(log);
        bool usesInput = options.IsInteractive || options.ConfigIsInput;
        new FirstFds(kernel, daemon.Fds, _closed).Assign(usesInput, options.IsInteractive, config);
        daemon.Log.Connect(daemon.Fds);
        kernel.CountSignals(daemon.Signals.Counts, counted);
        if (!config.IsNone)
        {
            Open(daemon, ControllerKind.Config, config, FdNumber.None, isOutputShared: false);
        }

        if (options.IsInteractive)
        {
            OpenSession(daemon);
        }
    }

    private void OpenSession(Daemon daemon)
    {
        // The output may be a terminal, or the same file as standard error: then it must stay blocking for the others.
        kernel.Identify(StandardOutput, out FdIdentity output);
        bool isError = kernel.Identify(StandardError, out FdIdentity error) == Errno.None && error.IsSameFile(output);
        bool isOurs = output.Kind is FdKind.Pipe or FdKind.Socket && !isError;
        if (isOurs && !output.Nonblocking && kernel.SetNonblocking(StandardOutput, true) == Errno.None)
        {
            daemon.Lifetime.OwnOutput();
        }

        Controller session = Open(
            daemon, ControllerKind.Interactive, StandardInput, StandardOutput, isOutputShared: !isOurs);
        Greeting.Say(daemon.Controllers, session);
        StateDump.BeginSignals(session);
    }

    private static Controller Open(
        Daemon daemon, ControllerKind kind, FdNumber input, FdNumber output, bool isOutputShared)
    {
        Controller? controller = daemon.Controllers.TryOpen(kind, input, output, isOutputShared);
        Verify.That(controller is not null);
        return controller;
    }
}

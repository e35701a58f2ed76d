using System;
using System.Collections.Generic;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Rescue;
using Daemonproxy.Shutdown;
using Daemonproxy.State;

namespace Daemonproxy.Startup;

/// <summary>
/// From options to a daemon that is ready to be activated: the image, the descriptors that are there from the start,
/// the first controllers. Everything may allocate here; nothing may after the seal.
/// </summary>
internal sealed class FreshStart(
    SystemCalls kernel, StartOptions options, StartupLog log, SharedLaunchData context)
{
    private static readonly FdNumber StandardInput = new(0);
    private static readonly FdNumber StandardOutput = new(1);

    private readonly List<OpenedConfig> _configs = [];

    // Which of the three were closed, a bit for each.
    private int _closed;
    private bool _isInteractive;
    private byte[] _reason = [];
    private RescueReason _rescue;

    /// <summary>The inherited descriptors above 2, in rising order: read before any other is opened.</summary>
    public FdNumber[] Inherited { get; } = InitialDescriptors.ListInherited(kernel);

    // Under a guard nothing but wrong options keeps us from running, and process 1 has to run whatever is wrong.
    private bool SurvivesOptions => options.IsInit;

    private bool SurvivesEnvironment => options.Guard != 0 || (options.IsInit && options.ExecArgs.Length == 0);

    /// <summary>The daemon, or null, the exit code and the reason, which was logged.</summary>
    public DaemonComponents? TryStart(out int exitCode, out byte[] reason)
    {
        DaemonComponents? daemon = TryStart(out exitCode);
        reason = _reason;
        return daemon;
    }

    private DaemonComponents? TryStart(out int exitCode)
    {
        exitCode = ExitCode.BadOptions;
        _isInteractive = options.IsInteractive;
        if (!options.IsInteractive && options.Configs.Count == 0 && options.SocketPath is null && !options.WantsRescue)
        {
            return Fatal(LogMessages.NoSourceText);
        }

        if (options.IsDaemonized && (options.IsInit || options.IsInteractive))
        {
            options.StayInForeground();
            log.Say(LogLevel.Warning, "ignoring --daemonize as process 1 and with --interactive"u8);
        }

        TableCapacities sizes = new(options.Fds, options.Services, MostControllers());
        PoolWarnings.Say(log, options, sizes);
        _closed = StandardDescriptors.Fill(kernel, options.IsInit);
        foreach (byte[] path in options.Configs)
        {
            if (!TryOpenConfig(path, out exitCode))
            {
                return null;
            }
        }

        if (!AreStreamsUsable())
        {
            exitCode = ExitCode.BadEnvironment;
            if (!IsSurvived(LogMessages.UnusableStreamsText, SurvivesEnvironment))
            {
                return null;
            }

            _isInteractive = false;
        }

        return TryMake(sizes, out exitCode);
    }

    // A config file takes a slot until it is read, and the session has one: those there must be.
    private int? MostControllers()
    {
        int needed = options.Configs.Count + (options.IsInteractive ? 1 : 0);
        int asked = options.MostControllers ?? Limits.Controllers;
        if (asked >= needed)
        {
            return options.MostControllers;
        }

        PoolWarnings.SayControllers(log, asked, needed);
        return needed;
    }

    private DaemonComponents? TryMake(in TableCapacities sizes, out int exitCode)
    {
        exitCode = ExitCode.BrokenState;
        if (StateImage.TryCreate(kernel, DaemonImageLayout.Create(sizes), out StateImage? image) != Errno.None)
        {
            return Fatal("there is no memory for the state of the daemon"u8);
        }

        DaemonSettings settings = new(image!);
        if (!settings.TryReserve())
        {
            return Fatal("there is no memory for the state of the daemon"u8);
        }

        // The tables take their bounds from here.
        settings.Write(Settings(sizes));
        DaemonComponents daemon = new(
            kernel, image!, context, CountedSignals.For(options.IsInit));
        if (!daemon.TryReserve())
        {
            return Fatal("there is no memory for the state of the daemon"u8);
        }

        exitCode = ExitCode.BadOptions;
        InitialDescriptors first = new(kernel, daemon.Fds, _closed, options.IsInit);
        if (!first.HasRoomFor(Inherited)
            && !IsSurvived(LogMessages.NoRoomForFdsText, SurvivesOptions))
        {
            return null;
        }

        Fill(daemon, first);
        exitCode = ExitCode.BadEnvironment;
        if (options.SocketPath is not null && !TryListen(daemon, options.SocketPath))
        {
            return IsSurvived(LogMessages.NoSocketText, SurvivesEnvironment) ? daemon : null;
        }

        return daemon;
    }

    // In the background the log has no destination yet. The error of a socket goes to the starting process.
    private bool TryListen(DaemonComponents daemon, byte[] path)
    {
        daemon.Log.Flush(kernel.Now());
        daemon.Log.Disconnect();
        bool isListening = daemon.Sockets.Note(daemon.Sockets.Unnamed.TryListen(path, default));
        daemon.Log.Flush(kernel.Now());
        daemon.Log.Connect(daemon.Fds);
        return isListening;
    }

    private DaemonRecord Settings(in TableCapacities sizes) => new()
    {
        Started = kernel.Now(),
        AllowsDebugCrash = options.AllowsDebugCrash,
        Guard = options.Guard,
        IsInit = options.IsInit,
        LocksMemory = options.LocksMemory,
        IsSubreaper = options.IsSubreaper,
        MostServiceText = sizes.ServiceText,
        MostFdText = sizes.FdText,
        ExecArgs = FixedText.From(options.ExecArgs),
        HasRescueShell = options.HasRescueShell,
    };

    private DaemonComponents? Fatal(ReadOnlySpan<byte> text)
    {
        _ = IsSurvived(text, continues: false);
        return null;
    }

    private bool IsSurvived(ReadOnlySpan<byte> text, bool continues)
    {
        log.Fatal(text, continues);
        _reason = text.ToArray();
        return continues;
    }

    private bool AreStreamsUsable()
    {
        bool bothRead = options.IsInteractive && options.ConfigIsInput;
        return !options.IsInteractive || (!bothRead && IsOpen(StandardInput) && IsOpen(StandardOutput));
    }

    private bool IsOpen(FdNumber fd) => (_closed & (1 << fd.Value)) == 0;

    // False when the daemon must not start without it.
    private bool TryOpenConfig(byte[] path, out int exitCode)
    {
        exitCode = ExitCode.BadEnvironment;
        if (StartOptions.IsInput(path))
        {
            _configs.Add(new(StandardInput, "standard input"u8.ToArray(), FdBlocking.Unknown));
            return true;
        }

        ReadOnlySpan<byte> shown = path.AsSpan(0, path.Length - 1);
        HelperAnswer answer = ConfigFiles.Open(kernel, path);
        Errno errno = answer.Reason;
        if (errno == Errno.None)
        {
            _configs.Add(new(answer.Fd, shown.ToArray(), answer.Blocking));
            return true;
        }

        _rescue = RescueReason.NoConfig;

        if (errno is not (Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG))
        {
            LogRefusal(shown, answer.ReasonText);
            return IsSurvived(LogMessages.UnusableConfigText, SurvivesEnvironment);
        }

        exitCode = ExitCode.BadOptions;
        LineWriter text = new(new byte[path.Length + 32]);
        LogMessages.NoConfigText(ref text, shown);
        return IsSurvived(text.Written, SurvivesOptions);
    }

    private void LogRefusal(ReadOnlySpan<byte> path, ReadOnlySpan<byte> refused)
    {
        LineWriter reason = new(new byte[path.Length + 128]);
        reason.Text("cannot open the config file "u8);
        reason.Text(path);
        reason.Text(": "u8);
        reason.Text(refused);
        log.Say(LogLevel.Error, reason.Written);
    }

    private void Fill(DaemonComponents daemon, InitialDescriptors first)
    {
        daemon.Log.SetFilter(options.Filter);
        Assertion.Require(Name.TryParse("stderr"u8, FdName.Longest, out Name destination));
        daemon.Log.SetDestination(destination);
        bool inBackground = options.IsDaemonized;
        first.Assign(
            Inherited,
            usesInput: _isInteractive || options.ConfigIsInput || inBackground,
            usesOutput: _isInteractive || inBackground,
            usesError: inBackground);
        daemon.Settings.SetErrorAside(kernel.ErrorStream);

        daemon.Log.Connect(daemon.Fds);
        if (daemon.Image.Fd.IsNone)
        {
            LogMessages.NoImage(daemon.Log);
        }

        bool isBehind = false;
        foreach (OpenedConfig file in _configs)
        {
            bool isSlow = file.Blocking == FdBlocking.All;
            FdNumber input = file.Blocking == FdBlocking.Unknown ? Raise(Config(file.Fd), out isSlow) : file.Fd;
            Connection config = Open(daemon, ConnectionKind.Config, input, FdNumber.None, isOutputShared: false);
            config.SetSource(file.Path, file.Blocking, isBehind);
            CopyIf(isSlow, config);
            isBehind = true;
        }

        if (_isInteractive)
        {
            OpenSession(daemon);
        }
        else if (_rescue != RescueReason.None || options.WantsRescue)
        {
            daemon.Rescue.Request(options.WantsRescue ? RescueReason.Word : _rescue);
        }
    }

    // In the background 0 is /dev/null: what the config is read from must have another number.
    private FdNumber Config(FdNumber config)
    {
        FdNumber other = config;
        bool isMoved = options.IsDaemonized && config == StandardInput
            && kernel.Duplicate(config, isHigh: false, out other) == Errno.None;
        return isMoved ? other : config;
    }

    // The process that started us may share the output: O_NONBLOCK would apply to it as well, so it stays unchanged.
    private void OpenSession(DaemonComponents daemon)
    {
        FdNumber output = Raise(StandardOutput, out bool isOutputSlow);
        FdNumber input = Raise(StandardInput, out bool isInputSlow);
        Connection session = Open(daemon, ConnectionKind.Interactive, input, output, isOutputShared: true);
        if (isOutputSlow)
        {
            session.WriteByHelper();
        }

        TerminalGreeting.Say(daemon.Connections, session);
        session.BeginSignalDump();
        CopyIf(isInputSlow, session);
    }

    private FdNumber Raise(FdNumber fd, out bool isSlow)
    {
        kernel.Identify(fd, out FdIdentity identity);
        FdBlocking blocking = ForeignDescriptor.BlockingOf(kernel, fd, identity);
        isSlow = blocking == FdBlocking.All;
        return ForeignDescriptor.Raise(kernel, fd, blocking);
    }

    private static void CopyIf(bool isSlow, Connection connection)
    {
        if (isSlow)
        {
            connection.AwaitCopy();
        }
    }

    private static Connection Open(
        DaemonComponents daemon, ConnectionKind kind, FdNumber input, FdNumber output, bool isOutputShared)
    {
        Connection? connection = daemon.Connections.TryOpen(kind, input, output, isOutputShared);
        Assertion.Require(connection is not null);
        return connection;
    }

    // A config to be read, with what is known of the calls on it that may wait.
    private sealed class OpenedConfig(FdNumber fd, byte[] path, FdBlocking blocking)
    {
        public FdNumber Fd => fd;

        public byte[] Path => path;

        public FdBlocking Blocking => blocking;
    }
}

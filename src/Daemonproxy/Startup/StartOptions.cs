using System;
using System.Collections.Generic;
using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>The values of the command line, collected by applying the options in their order.</summary>
internal sealed class StartOptions : IOptionHandler
{
    private static ReadOnlySpan<byte> InitConfig => "/etc/daemonproxy.conf\0"u8;

    private readonly List<byte[]> _configs = [];

    /// <summary>Sets the defaults, for process 1 or for any other.</summary>
    public StartOptions(bool isInit)
    {
        IsInit = isInit;
        Guard = isInit ? 1 : 0;
    }

    /// <summary>True if we are process 1: it ignores unknown words, since the kernel passes them on.</summary>
    public bool IsInit { get; }

    /// <summary>
    /// The config files in the order in which they are read, each ended by a NUL. <c>-</c> is standard input.
    /// </summary>
    public List<byte[]> Configs =>
        WantsRescue ? [] : _configs.Count > 0 || !IsInit ? _configs : [InitConfig.ToArray()];

    public bool IsInteractive { get; private set; }

    /// <summary>The path of the control socket; null for none.</summary>
    public byte[]? SocketPath { get; private set; }

    /// <summary>True if the daemon goes into the background.</summary>
    public bool IsDaemonized { get; private set; }

    /// <summary>The code of the guard against accidental termination; 0 is no guard.</summary>
    public long Guard { get; private set; }

    /// <summary>The program to execute instead of exiting, fields separated by TABs; empty for none.</summary>
    public byte[] ExecArgs { get; private set; } = [];

    /// <summary>The size of the fd pool, if it was given.</summary>
    public Pool? Fds { get; private set; }

    /// <summary>The size of the service pool, if it was given.</summary>
    public Pool? Services { get; private set; }

    /// <summary>The most controllers, if that was given.</summary>
    public int? MostControllers { get; private set; }

    public bool IsSubreaper { get; private set; }

    /// <summary>True if the command debug.crash is there.</summary>
    public bool AllowsDebugCrash { get; private set; }

    public bool LocksMemory { get; private set; }

    /// <summary>True if the service <c>rescue</c> of process 1 can be a shell without a password.</summary>
    public bool HasRescueShell { get; private set; } = true;

    /// <summary>True if a word of the kernel's command line asks for that service, and not for the config.</summary>
    public bool WantsRescue { get; private set; }

    /// <summary>True if the process is a client of a control socket, and no daemon.</summary>
    public bool IsClient { get; private set; }

    /// <summary>True if the client stays connected.</summary>
    public bool Follows { get; private set; }

    /// <summary>The path of the socket that the client connects to; null when none was given.</summary>
    public byte[]? SendPath { get; private set; }

    /// <summary>The first option that does not apply to a client; none if there is none.</summary>
    public OptionId Others { get; private set; }

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <summary>True if further options do not matter, because help or the version was requested.</summary>
    public bool IsDone => WantsHelp || WantsVersion;

    /// <summary>Messages above this level are logged.</summary>
    public LogLevel Filter { get; private set; } = LogLevel.Debug;

    public bool ConfigIsInput => _configs.Exists(IsInput);

    /// <summary>True if this config is standard input.</summary>
    public static bool IsInput(byte[] path) => path is [(byte)'-', 0];

    /// <summary>
    /// True if a word is one by which an administrator asks process 1 for a shell, as those of the kernel's command
    /// line that sysvinit and systemd know; if so, notes it.
    /// </summary>
    public bool TryRequestRescue(ReadOnlySpan<byte> word)
    {
        bool isWord = word.SequenceEqual("single"u8) || word.SequenceEqual("s"u8) || word.SequenceEqual("S"u8)
            || word.SequenceEqual("1"u8) || word.SequenceEqual("emergency"u8) || word.SequenceEqual("rescue"u8);
        WantsRescue |= IsInit && isWord;
        return IsInit && isWord;
    }

    /// <summary>There is no background to go to.</summary>
    public void StayInForeground() => IsDaemonized = false;

    /// <summary>Notes an option before it is applied.</summary>
    public void Note(OptionId id)
    {
        bool isOther = id is not (OptionId.Send or OptionId.Follow or OptionId.Verbose or OptionId.Quiet);
        Others = isOther && Others == OptionId.None ? id : Others;
    }

    /// <summary>A word that is no option: the path of a client's socket, if there is none yet.</summary>
    public bool TryTake(ReadOnlySpan<byte> word)
    {
        bool isPath = IsClient && SendPath is null && !word.IsEmpty;
        SendPath = isPath ? word.ToArray() : SendPath;
        return isPath;
    }

    public CommandError Config(ReadOnlySpan<byte> file)
    {
        byte[] path = new byte[file.Length + 1];
        file.CopyTo(path);

        // Standard input has one end.
        if (!IsInput(path) || !ConfigIsInput)
        {
            _configs.Add(path);
        }

        return CommandError.None;
    }

    public CommandError Interactive()
    {
        IsInteractive = true;
        return CommandError.None;
    }

    public CommandError Socket(ReadOnlySpan<byte> path)
    {
        SocketPath = path.ToArray();
        return CommandError.None;
    }

    public CommandError Daemonize()
    {
        IsDaemonized = true;
        return CommandError.None;
    }

    public CommandError ExitGuard(ReadOnlySpan<byte> code)
    {
        long guard = 0;
        bool isGood = code.IsEmpty || ArgumentTypes.TryInteger(code, out guard);
        Guard = isGood ? guard : Guard;
        return isGood ? CommandError.None : Errors.BadGuardOption;
    }

    public CommandError ExitExec(ReadOnlySpan<byte> args)
    {
        if (args.Length > Limits.ExecArgs)
        {
            return Errors.ExecOptionTooLong;
        }

        ExecArgs = args.ToArray();
        return CommandError.None;
    }

    public CommandError FdPool(Pool size)
    {
        Fds = size;
        return CommandError.None;
    }

    public CommandError ServicePool(Pool size)
    {
        Services = size;
        return CommandError.None;
    }

    public CommandError Controllers(long count)
    {
        MostControllers = (int)count;
        return CommandError.None;
    }

    public CommandError Subreaper()
    {
        IsSubreaper = true;
        return CommandError.None;
    }

    public CommandError NoRescue()
    {
        HasRescueShell = false;
        return CommandError.None;
    }

    public CommandError DebugCrash()
    {
        AllowsDebugCrash = true;
        return CommandError.None;
    }

    public CommandError Send()
    {
        IsClient = true;
        return CommandError.None;
    }

    public CommandError Follow()
    {
        Follows = IsClient;
        return IsClient ? CommandError.None : Errors.FollowAlone;
    }

    public CommandError Mlockall()
    {
        LocksMemory = true;
        return CommandError.None;
    }

    public CommandError Verbose()
    {
        Filter = Filter == LogLevel.None ? Filter : Filter - 1;
        return CommandError.None;
    }

    public CommandError Quiet()
    {
        Filter = Filter == LogLevel.Fatal ? Filter : Filter + 1;
        return CommandError.None;
    }

    public CommandError Help()
    {
        WantsHelp = true;
        return CommandError.None;
    }

    public CommandError Version()
    {
        WantsVersion = true;
        return CommandError.None;
    }
}

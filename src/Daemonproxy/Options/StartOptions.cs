using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Options;

/// <summary>What the command line asks for, collected by applying the options in their order.</summary>
internal sealed class StartOptions : IOptionHandler
{
    /// <summary>The config file, ended by a NUL; null when there is none. <c>-</c> is standard input.</summary>
    public byte[]? ConfigPath { get; private set; }

    public bool IsInteractive { get; private set; }

    /// <summary>The code of the guard against accidental termination; 0 is no guard.</summary>
    public long Guard { get; private set; }

    /// <summary>Whether the command debug.crash is there.</summary>
    public bool AllowsDebugCrash { get; private set; }

    public bool WantsHelp { get; private set; }

    public bool WantsVersion { get; private set; }

    /// <summary>Messages above this level are logged.</summary>
    public LogLevel Filter { get; private set; } = LogLevel.Debug;

    public bool ConfigIsInput => ConfigPath is [(byte)'-', 0];

    public CommandError Config(ReadOnlySpan<byte> file)
    {
        ConfigPath = new byte[file.Length + 1];
        file.CopyTo(ConfigPath);
        return CommandError.None;
    }

    public CommandError Interactive()
    {
        IsInteractive = true;
        return CommandError.None;
    }

    public CommandError ExitGuard(ReadOnlySpan<byte> code)
    {
        long guard = 0;
        bool isGood = code.IsEmpty || ArgumentTypes.TryInteger(code, out guard);
        Guard = guard;
        return isGood ? CommandError.None : Errors.BadGuardOption;
    }

    public CommandError DebugCrash()
    {
        AllowsDebugCrash = true;
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

using System;

namespace Daemonproxy.Protocol;

/// <summary>A signal number, signal(7), with the names of the wire protocol.</summary>
internal readonly record struct Signal(int Number)
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGILL = 4;
    public const int SIGTRAP = 5;
    public const int SIGABRT = 6;
    public const int SIGBUS = 7;
    public const int SIGFPE = 8;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGSEGV = 11;
    public const int SIGUSR2 = 12;
    public const int SIGPIPE = 13;
    public const int SIGALRM = 14;
    public const int SIGTERM = 15;
    public const int SIGCHLD = 17;
    public const int SIGSTOP = 19;
    public const int SIGXFSZ = 25;
    public const int SIGWINCH = 28;
    public const int SIGPWR = 30;

    /// <summary>The highest signal number of Linux.</summary>
    public const int Highest = 64;

    private static ReadOnlySpan<byte> Prefix => "SIG"u8;

    /// <summary>The name with SIG; <c>SIG-?</c> for a signal that has none.</summary>
    public ReadOnlySpan<byte> Text => Number switch
    {
        1 => "SIGHUP"u8,
        2 => "SIGINT"u8,
        3 => "SIGQUIT"u8,
        4 => "SIGILL"u8,
        5 => "SIGTRAP"u8,
        6 => "SIGABRT"u8,
        7 => "SIGBUS"u8,
        8 => "SIGFPE"u8,
        9 => "SIGKILL"u8,
        10 => "SIGUSR1"u8,
        11 => "SIGSEGV"u8,
        12 => "SIGUSR2"u8,
        13 => "SIGPIPE"u8,
        14 => "SIGALRM"u8,
        15 => "SIGTERM"u8,
        16 => "SIGSTKFLT"u8,
        17 => "SIGCHLD"u8,
        18 => "SIGCONT"u8,
        19 => "SIGSTOP"u8,
        20 => "SIGTSTP"u8,
        21 => "SIGTTIN"u8,
        22 => "SIGTTOU"u8,
        23 => "SIGURG"u8,
        24 => "SIGXCPU"u8,
        25 => "SIGXFSZ"u8,
        26 => "SIGVTALRM"u8,
        27 => "SIGPROF"u8,
        28 => "SIGWINCH"u8,
        29 => "SIGIO"u8,
        30 => "SIGPWR"u8,
        31 => "SIGSYS"u8,
        _ => "SIG-?"u8,
    };

    /// <summary>The longest text of any signal, in bytes.</summary>
    public const int LongestText = 9;

    /// <summary>A name with or without SIG, aliases included. Numbers are not names.</summary>
    public static bool TryParseName(ReadOnlySpan<byte> word, out Signal signal)
    {
        ReadOnlySpan<byte> name = word.StartsWith(Prefix) ? word[Prefix.Length..] : word;
        for (int number = 1; number <= 31; number++)
        {
            signal = new Signal(number);
            if (signal.Text[Prefix.Length..].SequenceEqual(name))
            {
                return true;
            }
        }

        signal = new Signal(
            name.SequenceEqual("IOT"u8) ? SIGABRT
            : name.SequenceEqual("POLL"u8) ? 29
            : name.SequenceEqual("CLD"u8) ? SIGCHLD
            : 0);
        return signal.Number != 0;
    }
}

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
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;
    public const int SIGXFSZ = 25;
    public const int SIGWINCH = 28;
    public const int SIGPWR = 30;
    public const int SIGSYS = 31;

    /// <summary>The highest signal number of Linux.</summary>
    public const int Highest = 64;

    /// <summary>
    /// The first signal for applications, as the C library counts: 32 and 33 are its own. Names count from it and from
    /// the highest.
    /// </summary>
    public const int SIGRTMIN = 34;

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
        34 => "SIGRTMIN"u8,
        35 => "SIGRTMIN+1"u8,
        36 => "SIGRTMIN+2"u8,
        37 => "SIGRTMIN+3"u8,
        38 => "SIGRTMIN+4"u8,
        39 => "SIGRTMIN+5"u8,
        40 => "SIGRTMIN+6"u8,
        41 => "SIGRTMIN+7"u8,
        42 => "SIGRTMIN+8"u8,
        43 => "SIGRTMIN+9"u8,
        44 => "SIGRTMIN+10"u8,
        45 => "SIGRTMIN+11"u8,
        46 => "SIGRTMIN+12"u8,
        47 => "SIGRTMIN+13"u8,
        48 => "SIGRTMIN+14"u8,
        49 => "SIGRTMIN+15"u8,
        50 => "SIGRTMAX-14"u8,
        51 => "SIGRTMAX-13"u8,
        52 => "SIGRTMAX-12"u8,
        53 => "SIGRTMAX-11"u8,
        54 => "SIGRTMAX-10"u8,
        55 => "SIGRTMAX-9"u8,
        56 => "SIGRTMAX-8"u8,
        57 => "SIGRTMAX-7"u8,
        58 => "SIGRTMAX-6"u8,
        59 => "SIGRTMAX-5"u8,
        60 => "SIGRTMAX-4"u8,
        61 => "SIGRTMAX-3"u8,
        62 => "SIGRTMAX-2"u8,
        63 => "SIGRTMAX-1"u8,
        64 => "SIGRTMAX"u8,
        _ => "SIG-?"u8,
    };

    /// <summary>The name without SIG.</summary>
    public ReadOnlySpan<byte> ShortText => Text[Prefix.Length..];

    /// <summary>The longest text of any signal, in bytes.</summary>
    public const int LongestText = 11;

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
        return signal.Number != 0 || TryParseRealTime(name, out signal);
    }

    // RTMIN, RTMIN+1 to RTMIN+30, RTMAX, RTMAX-1 to RTMAX-30.
    private static bool TryParseRealTime(ReadOnlySpan<byte> name, out Signal signal)
    {
        signal = default;
        bool isFromFirst = name.StartsWith("RTMIN"u8);
        if (!isFromFirst && !name.StartsWith("RTMAX"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> distance = name["RTMIN"u8.Length..];
        int number = 0;
        if (!distance.IsEmpty)
        {
            if (distance.Length is < 2 or > 3 || distance[0] != (isFromFirst ? (byte)'+' : (byte)'-'))
            {
                return false;
            }

            foreach (byte digit in distance[1..])
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }

                number = (number * 10) + digit - '0';
            }
        }

        signal = new Signal(isFromFirst ? SIGRTMIN + number : Highest - number);
        return number <= Highest - SIGRTMIN;
    }
}

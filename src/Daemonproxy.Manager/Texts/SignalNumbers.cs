using System;
using System.Collections.Generic;
using System.Globalization;

namespace Daemonproxy.Manager.Texts;

/// <summary>Numbers of signals, signal(7), on x86 and ARM.</summary>
public static class SignalNumbers
{
    private const int FirstRealTime = 34;
    private const int LastRealTime = 64;

    // In the order of their numbers, from 1.
    private static readonly string[] _names =
    [
        "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    /// <summary>The names of the signals with the same number on every architecture.</summary>
    public static IReadOnlyList<string> Names => _names;

    /// <summary>The number of a signal; 0 if it has no name.</summary>
    public static int Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int index = Array.IndexOf(_names, name);
        if (index >= 0)
        {
            return index + 1;
        }

        return name.StartsWith("SIGRTMIN+", StringComparison.Ordinal) && TryNumber(name[9..], out int above)
            ? FirstRealTime + above
            : name.StartsWith("SIGRTMAX-", StringComparison.Ordinal) && TryNumber(name[9..], out int below)
                ? LastRealTime - below
                : name == "SIGRTMIN" ? FirstRealTime : name == "SIGRTMAX" ? LastRealTime : 0;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out number);
}

using System;
using System.Buffers;

namespace Daemonproxy.Client;

/// <summary>A signal by its name, signal(7), as the daemon prints it: <c>SIGTERM</c>.</summary>
public readonly record struct Signal : IComparable<Signal>
{
    private static readonly SearchValues<char> _characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-?");

    private Signal(string text) => Text = text;

    /// <summary>The name, or the number if it was made from one; null for the default value.</summary>
    public string? Text { get; }

    /// <summary>Hangup: often a request to reload the configuration.</summary>
    public static Signal Hup => new("SIGHUP");

    /// <summary>Interrupt, as from a terminal.</summary>
    public static Signal Int => new("SIGINT");

    /// <summary>Quit, with a dump of the core.</summary>
    public static Signal Quit => new("SIGQUIT");

    /// <summary>Kill, which cannot be handled.</summary>
    public static Signal Kill => new("SIGKILL");

    /// <summary>The first user-defined signal.</summary>
    public static Signal Usr1 => new("SIGUSR1");

    /// <summary>The second user-defined signal.</summary>
    public static Signal Usr2 => new("SIGUSR2");

    /// <summary>Termination request.</summary>
    public static Signal Term => new("SIGTERM");

    /// <summary>Continue after a stop.</summary>
    public static Signal Cont => new("SIGCONT");

    /// <summary>Stop, which cannot be handled.</summary>
    public static Signal Stop => new("SIGSTOP");

    /// <summary>The size of a terminal has changed.</summary>
    public static Signal Winch => new("SIGWINCH");

    /// <summary>The power is failing.</summary>
    public static Signal Pwr => new("SIGPWR");

    /// <summary>The text that the daemon prints for a signal without a name.</summary>
    public static Signal Unnamed => new("SIG-?");

    /// <summary>A signal by its name, with or without <c>SIG</c>.</summary>
    /// <exception cref="ArgumentException">It cannot be a name.</exception>
    public static Signal Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.AsSpan().IndexOfAnyExcept(_characters) >= 0)
        {
            throw new ArgumentException($"\"{name}\" cannot be the name of a signal.", nameof(name));
        }

        return new Signal(name.StartsWith("SIG", StringComparison.Ordinal) ? name : "SIG" + name);
    }

    /// <summary>A signal by its number, which is how one without a name is sent.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 0 or above 65535.</exception>
    public static Signal Numbered(int number) => new(WireNumber.Text(number, 0, ushort.MaxValue, nameof(number)));

    /// <summary>The same as <see cref="Named"/>, exception included: a literal can stand for a signal.</summary>
    public static implicit operator Signal(string name) => Named(name);

    /// <summary>The same as <see cref="Numbered"/>, exception included.</summary>
    public static implicit operator Signal(int number) => Numbered(number);

    /// <summary>By name.</summary>
    public static bool operator <(Signal left, Signal right) => left.CompareTo(right) < 0;

    /// <summary>By name.</summary>
    public static bool operator >(Signal left, Signal right) => left.CompareTo(right) > 0;

    /// <summary>By name.</summary>
    public static bool operator <=(Signal left, Signal right) => left.CompareTo(right) <= 0;

    /// <summary>By name.</summary>
    public static bool operator >=(Signal left, Signal right) => left.CompareTo(right) >= 0;

    /// <inheritdoc />
    public int CompareTo(Signal other) => string.CompareOrdinal(Text, other.Text);

    /// <summary>The name.</summary>
    public override string ToString() => Text ?? "";

    internal static bool TryParse(ReadOnlySpan<byte> text, out Signal signal)
    {
        string name = WireText.From(text);
        bool isSignal = name.Length > 3 && name.StartsWith("SIG", StringComparison.Ordinal)
            && name.AsSpan().IndexOfAnyExcept(_characters) < 0;
        signal = isSignal ? new Signal(name) : default;
        return isSignal;
    }
}

using System;
using System.Runtime.InteropServices;

namespace Daemonproxy.Client;

/// <summary>
/// A command with its fields. Two commands are equal if their lines and their descriptors are.
/// </summary>
public sealed class DaemonCommand : IEquatable<DaemonCommand>
{
    private readonly byte[] _line;

    /// <summary>Makes a command from its name: one of a newer daemon, or the expectation of a test.</summary>
    /// <param name="name">The command.</param>
    /// <param name="fields">Its fields.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty; a text has a TAB, a line feed, a NUL or half a surrogate pair in it; or the line is longer
    /// than <see cref="ProtocolLimits.Line"/> bytes.
    /// </exception>
    public DaemonCommand(string name, params ReadOnlySpan<string> fields)
        : this(Put(name, fields), static answer => answer is UnknownEvent)
    {
    }

    internal DaemonCommand(CommandLine line, Func<DaemonEvent, bool>? isAnswer, SafeHandle? descriptor = null)
    {
        if (line.Written.Length + 1 > ProtocolLimits.Line)
        {
            throw new ArgumentException(
                $"{line.Name}: the line is longer than {ProtocolLimits.Line} bytes.", line.LongestArgument);
        }

        Name = line.Name;
        IsAnswer = isAnswer;
        Descriptor = descriptor;
        _line = line.ToBytes();
    }

    /// <summary>The name of the command.</summary>
    public string Name { get; }

    /// <summary>The fields after the name, as they are sent.</summary>
    public TextList Fields
    {
        get
        {
            int tab = Line.IndexOf((byte)'\t');
            return tab < 0 ? default : TextList.Split(Line[(tab + 1)..^1]);
        }
    }

    /// <summary>The descriptor that is sent with the line; null for none.</summary>
    public SafeHandle? Descriptor { get; }

    /// <summary>Selects the events that are its answer; null for none.</summary>
    internal Func<DaemonEvent, bool>? IsAnswer { get; }

    /// <summary>The line with its line feed.</summary>
    internal ReadOnlySpan<byte> Line => _line;

    /// <inheritdoc />
    public bool Equals(DaemonCommand? other) =>
        other is not null && Line.SequenceEqual(other.Line) && ReferenceEquals(Descriptor, other.Descriptor);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as DaemonCommand);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_line);
        return hash.ToHashCode();
    }

    /// <summary>The line, with its TABs.</summary>
    public override string ToString() => TextBytes.Decode(_line.AsSpan(0, _line.Length - 1));

    private static CommandLine Put(string name, ReadOnlySpan<string> fields)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        WireText.CheckField(name, nameof(name));
        var line = new CommandLine(name);
        foreach (string field in fields)
        {
            line.Required(field, nameof(fields));
        }

        return line;
    }
}

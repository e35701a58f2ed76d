using System;
using System.Buffers;

namespace Daemonproxy.Client;

/// <summary>Builds a command line. Whatever the fields are, it stays one line.</summary>
internal sealed class CommandLine
{
    private const int MostSpare = 65536;

    // Built in a buffer that each thread reuses for all its lines, and returned as one array.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _spare;

    private readonly ArrayBufferWriter<byte> _bytes;
    private string? _absent;
    private int _longestField = -1;

    public CommandLine(string name)
    {
        Name = name;
        _bytes = _spare ?? new ArrayBufferWriter<byte>();
        _spare = null;
        WireText.Append(_bytes, name, nameof(name));
    }

    /// <summary>The command.</summary>
    public string Name { get; }

    /// <summary>The argument with the longest field, which the error names if the line is too long.</summary>
    public string? LongestArgument { get; private set; }

    /// <summary>The line without its line feed.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Returns the line with its line feed; the builder must not be used afterwards.</summary>
    public byte[] ToBytes()
    {
        _bytes.Write("\n"u8);
        byte[] line = _bytes.WrittenSpan.ToArray();
        _bytes.ResetWrittenCount();
        _spare = _bytes.Capacity <= MostSpare ? _bytes : null;
        return line;
    }

    /// <summary>A field that must be there.</summary>
    /// <exception cref="ArgumentException">
    /// The value was never set, or cannot be a field; or an earlier optional field was left out, so that this one would
    /// take its place.
    /// </exception>
    public void Required(string? text, string parameter)
    {
        if (text is null)
        {
            throw new ArgumentException("The argument has no value.", parameter);
        }

        if (_absent is not null)
        {
            throw new ArgumentException($"The argument needs {_absent}, which precedes it.", parameter);
        }

        WireText.CheckField(text, parameter);
        if (text.Length > _longestField)
        {
            _longestField = text.Length;
            LongestArgument = parameter;
        }

        _bytes.Write("\t"u8);
        WireText.Append(_bytes, text, parameter);
    }

    /// <summary>A field that may be left out: null.</summary>
    public void Optional(string? text, string parameter)
    {
        if (text is null)
        {
            _absent ??= parameter;
        }
        else
        {
            Required(text, parameter);
        }
    }
}

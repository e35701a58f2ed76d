using System;
using System.Buffers;

namespace Daemonproxy.Client;

/// <summary>A command line while it is put together. Whatever the fields are, it stays one line.</summary>
internal sealed class CommandLine
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private string? _absent;

    public CommandLine(string name)
    {
        Name = name;
        WireText.Append(_bytes, name, nameof(name));
    }

    /// <summary>The command.</summary>
    public string Name { get; }

    /// <summary>The line without its line feed.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>A field that must be there.</summary>
    /// <exception cref="ArgumentException">
    /// It was never set, or cannot be a field; or one before it was left out, so that it would be taken for that.
    /// </exception>
    public void Required(string? text, string parameter)
    {
        if (text is null)
        {
            throw new ArgumentException("It has no value.", parameter);
        }

        if (_absent is not null)
        {
            throw new ArgumentException($"It needs {_absent}, which stands before it, to be given too.", parameter);
        }

        WireText.CheckField(text, parameter);
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

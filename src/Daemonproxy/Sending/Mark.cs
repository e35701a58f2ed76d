using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Sending;

/// <summary>
/// Marks: unguessable lines that the daemon returns. Commands of one connection run in order,
/// so a mark that comes back shows that all lines before it are answered. Marks are numbered.
/// </summary>
internal sealed class Mark
{
    /// <summary>The most bytes of the command that asks for a mark.</summary>
    public const int MostCommandBytes = 64;

    private const int RandomBytes = 16;
    private readonly byte[] _text;

    public Mark(ISendingCalls calls)
    {
        Span<byte> random = stackalloc byte[RandomBytes];
        calls.Random(random);
        LineWriter line = new(stackalloc byte[MostCommandBytes]);
        line.Text("send-"u8);
        foreach (byte value in random)
        {
            line.Byte("0123456789abcdef"u8[value >> 4]);
            line.Byte("0123456789abcdef"u8[value & 15]);
        }

        line.Byte((byte)'-');
        _text = line.Written.ToArray();
    }

    /// <summary>Writes the command that asks for the mark of this number; its length.</summary>
    public int Write(Span<byte> into, int number)
    {
        LineWriter line = new(into);
        line.Text("echo\t"u8);
        line.Text(_text);
        line.Integer(number);
        line.Byte((byte)'\n');
        return line.Length;
    }

    /// <summary>Returns whether a line, without its LF, is a mark, and its number.</summary>
    public bool TryRead(ReadOnlySpan<byte> line, out int number)
    {
        number = -1;
        if (line.StartsWith(_text) && ArgumentTypes.TryInteger(line[_text.Length..], out long read))
        {
            number = (int)read;
        }

        return number >= 0;
    }
}

using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Control.Kernel;

namespace Daemonproxy.Control.Text;

/// <summary>
/// Standard output or standard error. Text is buffered and written in one piece. System.Console would take longer to
/// start than all the rest of a short verb.
/// </summary>
internal sealed class Output(int descriptor)
{
    private const string Reset = "\x1b[0m";

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>True if words may be coloured.</summary>
    public bool HasColour { get; set; }

    /// <summary>True if it is a terminal.</summary>
    public bool IsTerminal { get; } = Terminal.Is(descriptor);

    /// <summary>The columns of the terminal; null if the stream is not a terminal: then lines are not cut.</summary>
    public int? Columns => Terminal.SizeOf(descriptor)?.Columns;

    /// <summary>True if it is a pipe, or a terminal, that nobody reads any more.</summary>
    public unsafe bool IsAbandoned
    {
        get
        {
            const short gone = 0x8 | 0x10;
            NativeMethods.PollFd fd = new() { Fd = descriptor };
            return NativeMethods.poll(&fd, 1, 0) > 0 && (fd.Returned & gone) != 0;
        }
    }

    public Output Write(string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        _bytes.Advance(Encoding.UTF8.GetBytes(text, _bytes.GetSpan(most)));
        return this;
    }

    public Output Write(char character, int count)
    {
        if (count > 0)
        {
            _bytes.GetSpan(count)[..count].Fill((byte)character);
            _bytes.Advance(count);
        }

        return this;
    }

    public Output WriteBytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public Output WriteLine(string text = "") => Write(text).Write('\n', 1);

    /// <summary>Writes a text in a colour, if colours are on.</summary>
    public Output Write(string text, Colour colour)
    {
        if (!HasColour || colour == Colour.None)
        {
            return Write(text);
        }

        string begin = colour switch
        {
            Colour.Red => "\x1b[31m",
            Colour.Yellow => "\x1b[33m",
            _ => "\x1b[1m",
        };
        return Write(begin).Write(text).Write(Reset);
    }

    /// <summary>Takes the buffered text instead of writing it.</summary>
    public string Take()
    {
        string text = Encoding.UTF8.GetString(_bytes.WrittenSpan);
        _bytes.ResetWrittenCount();
        return text;
    }

    /// <summary>Writes the buffered text.</summary>
    /// <exception cref="Problem">The reader of the pipe has closed it, or the file cannot be written.</exception>
    public unsafe void Flush()
    {
        ReadOnlySpan<byte> left = _bytes.WrittenSpan;
        while (!left.IsEmpty)
        {
            nint count;
            fixed (byte* bytes = left)
            {
                count = NativeMethods.write(descriptor, bytes, left.Length);
            }

            if (count < 0)
            {
                Refuse(Marshal.GetLastSystemError());
                count = 0;
            }

            left = left[(int)count..];
        }

        _bytes.ResetWrittenCount();
    }

    private unsafe void Refuse(int errno)
    {
        if (errno == NativeMethods.EAGAIN)
        {
            const int pollOut = 4;
            NativeMethods.PollFd full = new() { Fd = descriptor, Events = pollOut };
            _ = NativeMethods.poll(&full, 1, -1);
        }
        else if (errno != NativeMethods.EINTR)
        {
            _bytes.ResetWrittenCount();
            throw new Problem(
                errno == NativeMethods.EPIPE ? ExitCode.BrokenPipe : ExitCode.Failed,
                $"cannot write: {Marshal.GetPInvokeErrorMessage(errno)}");
        }
    }
}

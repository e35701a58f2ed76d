using System;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load;

/// <summary>One controller's side of a connection: lines are sent, what comes is taken until it is enough.</summary>
internal sealed unsafe class Conversation(int input, int output)
{
    private const int BufferBytes = 65536;

    // What a pipe takes at once for certain; more is written by a thread, while this one reads.
    private const int MostAtOnce = 4096;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly byte[] _carry = new byte[2 * BufferBytes];
    private int _words;

    /// <summary>Sends lines and takes what comes until all of them are done.</summary>
    public void Run(string lines) => Run(Encoding.ASCII.GetBytes(lines));

    /// <summary>Sends lines and takes what comes until all of them are done.</summary>
    public void Run(byte[] lines)
    {
        string word = $"all done {++_words}";
        byte[] last = Encoding.ASCII.GetBytes($"echo\t{word}\n");
        byte[] end = Encoding.ASCII.GetBytes($"{word}\n");
        Thread writer = new(() => { Write(lines); Write(last); });
        writer.Start();

        // The word is the last that comes, so only the end of what was read is looked at.
        byte[] tail = new byte[end.Length];
        while (!tail.AsSpan().SequenceEqual(end))
        {
            ReadOnlySpan<byte> read = Read();
            if (read.Length >= tail.Length)
            {
                read[^tail.Length..].CopyTo(tail);
            }
            else
            {
                tail.AsSpan(read.Length).CopyTo(tail);
                read.CopyTo(tail.AsSpan(tail.Length - read.Length));
            }
        }

        writer.Join();
    }

    /// <summary>Sends lines and reads events until so many services were announced as down.</summary>
    public void RunUntilDown(string lines, int services) =>
        RunUntil(Encoding.ASCII.GetBytes(lines), "\tdown\t"u8, services);

    /// <summary>Sends lines and takes what comes until some text has come so often.</summary>
    public void RunUntil(byte[] lines, ReadOnlySpan<byte> wanted, int times)
    {
        Thread? writer = lines.Length > MostAtOnce ? new Thread(() => Write(lines)) : null;
        writer?.Start();
        if (writer is null)
        {
            Write(lines);
        }

        int kept = 0;
        while (times > 0)
        {
            ReadOnlySpan<byte> read = Read();
            read.CopyTo(_carry.AsSpan(kept));
            ReadOnlySpan<byte> text = _carry.AsSpan(0, kept + read.Length);
            for (int at = text.IndexOf(wanted); at >= 0; at = text.IndexOf(wanted))
            {
                times--;
                text = text[(at + wanted.Length)..];
            }

            kept = Math.Min(text.Length, wanted.Length - 1);
            text[^kept..].CopyTo(_carry);
        }

        writer?.Join();
    }

    /// <summary>Sends lines, and gives back all that came until a line with this text in it was there.</summary>
    public string Ask(string lines, string wanted)
    {
        Write(Encoding.ASCII.GetBytes(lines));
        StringBuilder answer = new();
        int at;
        do
        {
            answer.Append(Encoding.ASCII.GetString(Read()));
            at = answer.ToString().IndexOf(wanted, StringComparison.Ordinal);
        }
        while (at < 0 || answer.ToString().IndexOf('\n', at) < 0);
        return answer.ToString();
    }

    private ReadOnlySpan<byte> Read()
    {
        fixed (byte* start = _buffer)
        {
            long count = read(output, start, _buffer.Length);
            return count > 0
                ? _buffer.AsSpan(0, (int)count)
                : throw new InvalidOperationException(
                    $"the daemon's output ended (errno {Marshal.GetLastPInvokeError()}): does it know -i?");
        }
    }

    private void Write(byte[] bytes)
    {
        int sent = 0;
        while (sent < bytes.Length)
        {
            fixed (byte* start = bytes)
            {
                long count = write(input, start + sent, bytes.Length - sent);
                if (count < 0 && Marshal.GetLastPInvokeError() != EINTR)
                {
                    return;
                }

                sent += (int)Math.Max(count, 0);
            }
        }
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace Daemonproxy.Load;

/// <summary>A daemon started with <c>-i</c>, spoken to over pipes or, as a service would be, over one socket.</summary>
internal sealed unsafe class Session : IDisposable
{
    private const int BufferBytes = 65536;
    private readonly ChildProcess _daemon;
    private readonly int _input;
    private readonly int _output;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _words;

    public Session(IReadOnlyList<string> command, bool overSocket)
    {
        int* ends = stackalloc int[4];
        if (overSocket)
        {
            const int Kind = Native.SOCK_STREAM | Native.SOCK_CLOEXEC;
            Native.Demand(Native.socketpair(Native.AF_UNIX, Kind, 0, ends), "socketpair");
            _daemon = new ChildProcess(command, ends[0], ends[0]);
            _ = Native.close(ends[0]);
            _input = ends[1];
            _output = ends[1];
            return;
        }

        Native.Demand(Native.pipe2(ends, Native.O_CLOEXEC), "pipe2");
        Native.Demand(Native.pipe2(ends + 2, Native.O_CLOEXEC), "pipe2");
        _daemon = new ChildProcess(command, ends[0], ends[3]);
        _ = Native.close(ends[0]);
        _ = Native.close(ends[3]);
        _input = ends[1];
        _output = ends[2];
    }

    public int Pid => _daemon.Pid;

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

    /// <summary>Sends lines and takes what comes until so many services were told to be down.</summary>
    public void RunUntilDown(string lines, int services)
    {
        Thread writer = new(() => Write(Encoding.ASCII.GetBytes(lines)));
        writer.Start();
        ReadOnlySpan<byte> wanted = "\tdown\t"u8;
        byte[] carry = new byte[BufferBytes + wanted.Length];
        int kept = 0;
        while (services > 0)
        {
            ReadOnlySpan<byte> read = Read();
            read.CopyTo(carry.AsSpan(kept));
            ReadOnlySpan<byte> text = carry.AsSpan(0, kept + read.Length);
            for (int at = text.IndexOf(wanted); at >= 0; at = text.IndexOf(wanted))
            {
                services--;
                text = text[(at + wanted.Length)..];
            }

            kept = Math.Min(text.Length, wanted.Length - 1);
            text[^kept..].CopyTo(carry);
        }

        writer.Join();
    }

    public void Dispose()
    {
        _daemon.Signal(Native.SIGKILL);
        _daemon.AwaitEnd();
        _ = Native.close(_input);
        if (_output != _input)
        {
            _ = Native.close(_output);
        }
    }

    private ReadOnlySpan<byte> Read()
    {
        fixed (byte* start = _buffer)
        {
            nint count = Native.read(_output, start, _buffer.Length);
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
                nint count = Native.write(_input, start + sent, bytes.Length - sent);
                if (count < 0 && Marshal.GetLastPInvokeError() != Native.EINTR)
                {
                    return;
                }

                sent += (int)Math.Max(count, 0);
            }
        }
    }
}

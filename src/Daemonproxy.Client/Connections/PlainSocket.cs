using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Client;

/// <summary>A system call of a <see cref="PlainSocket"/> failed.</summary>
internal sealed class PlainSocketException(int errno) : IOException(Marshal.GetPInvokeErrorMessage(errno))
{
    public int Errno { get; } = errno;
}

/// <summary>
/// A stream socket of the unix domain whose calls wait on the calling thread: the socket of .NET starts a thread and an
/// epoll at its first call, which takes longer than a short conversation.
/// </summary>
internal sealed unsafe class PlainSocket : IDisposable
{
    private const int FamilyBytes = 2;
    private const int ReceiveTimeout = 20;
    private const int SendTimeout = 21;
    private const int PeerCredentials = 17;
    private const int CredentialInts = 3;

    private int _descriptor = -1;

    /// <summary>The process that listens at the other end; null if it is in another PID namespace.</summary>
    public int? Peer
    {
        get
        {
            // struct ucred begins with the process.
            int* credentials = stackalloc int[CredentialInts];
            socklen_t size = CredentialInts * sizeof(int);
            bool isKnown = getsockopt(_descriptor, SOL_SOCKET, PeerCredentials, credentials, &size) == 0;
            return isKnown && credentials[0] > 0 ? credentials[0] : null;
        }
    }

    /// <summary>Connects, and waits up to the limit while the queue of the listener is full.</summary>
    /// <exception cref="PlainSocketException">The kernel refused it.</exception>
    /// <exception cref="ArgumentException">The path is longer than 107 bytes.</exception>
    public void Connect(string path, TimeSpan limit)
    {
        SocketConnector.CheckPath(path);
        byte[] name = Encoding.UTF8.GetBytes(path);
        _descriptor = Check(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        SetLimit(SendTimeout, limit);
        byte* address = stackalloc byte[FamilyBytes + SocketConnector.MostPathBytes + 1];
        new Span<byte>(address, FamilyBytes + SocketConnector.MostPathBytes + 1).Clear();
        *(ushort*)address = (ushort)AF_UNIX;
        name.CopyTo(new Span<byte>(address + FamilyBytes, SocketConnector.MostPathBytes));
        _ = Check(connect(_descriptor, (sockaddr*)address, (uint)(FamilyBytes + name.Length + 1)));
    }

    /// <summary>Sends all bytes.</summary>
    /// <exception cref="PlainSocketException">The kernel refused it, or the limit of the connection passed.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            fixed (byte* start = bytes)
            {
                bytes = bytes[Check((int)send(_descriptor, start, bytes.Length, MSG_NOSIGNAL))..];
            }
        }
    }

    /// <summary>Receives the available bytes, or waits for some; 0 at the end.</summary>
    /// <exception cref="PlainSocketException">The kernel refused it, or the limit passed.</exception>
    public int Receive(Span<byte> bytes, TimeSpan limit)
    {
        SetLimit(ReceiveTimeout, limit);
        fixed (byte* start = bytes)
        {
            return Check((int)recv(_descriptor, start, bytes.Length, 0));
        }
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            _ = close(_descriptor);
            _descriptor = -1;
        }
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new PlainSocketException(Marshal.GetLastPInvokeError());

    private void SetLimit(int option, TimeSpan limit)
    {
        long* time = stackalloc long[2];
        time[0] = (long)limit.TotalSeconds;
        time[1] = Math.Max(time[0] == 0 ? 1 : 0, limit.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        _ = Check(setsockopt(_descriptor, SOL_SOCKET, option, time, 2 * sizeof(long)));
    }
}

using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace OwnProtocol;

/// <summary>Sends commands without waiting for answers, and counts the answers.</summary>
internal static class Load
{
    /// <summary>The commands of one round: half of them store a value of 32 bytes, half ask for one.</summary>
    public const int Round = 2000;

    private const int Keys = 1000;

    public static void Run(string path, int rounds)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        byte[] commands = Commands();
        var sender = new Thread(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                Send(socket, commands);
            }
        });
        sender.Start();
        Receive(socket, (long)rounds * Round);
        sender.Join();
    }

    private static byte[] Commands()
    {
        var text = new StringBuilder();
        for (int number = 0; number < Round / 2; number++)
        {
            int other = number * 7 % Keys;
            text.Append($"set\tuser.{number % Keys}.name\tvalue-of-thirty-two-bytes-{number:d6}\n");
            text.Append($"get\tuser.{(number == 0 ? 0 : Math.Min(other, number))}.name\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static void Receive(Socket socket, long answers)
    {
        var buffer = new byte[65536];
        while (answers > 0)
        {
            ReadOnlySpan<byte> received = buffer.AsSpan(0, socket.Receive(buffer));
            if (received.IsEmpty)
            {
                throw new IOException("The server closed the connection.");
            }

            if (received.IndexOf("error\t"u8) >= 0)
            {
                throw new IOException("The server answered with an error.");
            }

            answers -= received.Count((byte)'\n');
        }
    }
}

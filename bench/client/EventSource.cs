using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Daemonproxy.ClientBench;

/// <summary>
/// In the daemon's place, so that the client alone is measured: it answers markers, and to the line <c>go N</c> it
/// sends N events of a daemon that starts services.
/// </summary>
internal static class EventSource
{
    public const int Services = 500;

    public static void Serve(string path)
    {
        byte[] events = Encoding.ASCII.GetBytes(Lines());
        using Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        Console.WriteLine("ready");
        while (true)
        {
            Socket socket = listener.Accept();
            new Thread(() => Serve(socket, events)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket, byte[] events)
    {
        const int eventsInAll = Services * 4;
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith("echo\t", StringComparison.Ordinal))
            {
                stream.Write(Encoding.ASCII.GetBytes(line["echo\t".Length..] + "\n"));
            }
            else if (line.StartsWith("go\t", StringComparison.Ordinal))
            {
                int count = int.Parse(line["go\t".Length..], CultureInfo.InvariantCulture);
                for (; count > 0; count -= eventsInAll)
                {
                    stream.Write(events);
                }
            }
        }
    }

    private static string Lines()
    {
        var lines = new StringBuilder();
        for (int number = 0; number < Services; number++)
        {
            string name = $"service-{number}";
            lines.Append($"service.state\t{name}\tstart\t123456\t-\t-\t-\t-\t-\n");
            lines.Append($"service.state\t{name}\tup\t123456\t{20000 + number}\t-\t-\t0\t-\n");
            lines.Append($"service.tags\t{name}\tgroup=web\tnumber={number}\n");
            lines.Append($"service.state\t{name}\tdown\t123457\t{20000 + number}\texit\t0\t1\t0\n");
        }

        return lines.ToString();
    }
}

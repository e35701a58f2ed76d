using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example of a listener that the daemon holds.</summary>
public class ActivationExampleTests
{
    [RootFact]
    public void TheFirstClientStartsTheServiceAgainAndAgain()
    {
        using Scratch scratch = new();
        string folder = ExampleFolder.Copy("activation", scratch["."]);
        string path = Path.Combine(folder, "run", "web.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Launch launch = new(Binary.Path, "-i", "-c", "activation.conf") { Directory = folder };
        using Daemon daemon = Daemon.Start(launch);
        Patience.Until(() => File.Exists(path), path, () => daemon.Log.All);
        string first = Ask(path);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            new FileInfo(path).UnixFileMode);
        Assert.Equal(first, Ask(path));
        daemon.Await("service.state⇥hello⇥down⇥*⇥*⇥exit⇥0⇥*⇥*");
        daemon.Await("warning⇥fd \"web\" was made anew, as its file was gone or it was shut down");
        Assert.NotEqual(first, Ask(path));
    }

    private static string Ask(string path)
    {
        using Socket client = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
        {
            ReceiveTimeout = 30_000,
        };
        client.Connect(new UnixDomainSocketEndPoint(path));
        client.Send("GET / HTTP/1.0\r\n\r\n"u8);
        StringBuilder answer = new();
        byte[] buffer = new byte[4096];
        for (int count = client.Receive(buffer); count > 0; count = client.Receive(buffer))
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        Assert.Contains("hello from process ", answer.ToString(), StringComparison.Ordinal);
        return answer.ToString();
    }
}

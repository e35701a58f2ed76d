using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using KeyValue.Client;
using Xunit;

namespace KeyValue.Tests;

/// <summary>The server over its socket: conversations as they were written down, and the typed client.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kv-").FullName;
    private readonly string _socket;
    private readonly Protocol.LineServer _server;

    public ServerTests()
    {
        _socket = Path.Combine(_folder, "socket");
        var store = new Store();
        _server = new Protocol.LineServer(_socket, () => new Session(store));
        new Thread(_server.Run) { IsBackground = true }.Start();
    }

    public static TheoryData<string> Transcripts()
    {
        var names = new TheoryData<string>();
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "transcripts")))
        {
            names.Add(Path.GetFileName(file));
        }

        return names;
    }

    /// <summary>
    /// A transcript has what is sent behind <c>&gt;</c> and what is answered behind <c>&lt;</c>, with ⇥ for a TAB. With
    /// KV_ACCEPT=1 the file is written anew instead of compared.
    /// </summary>
    [Theory]
    [MemberData(nameof(Transcripts))]
    public void AConversationGoesAsItWasWrittenDown(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "transcripts", name);
        string expected = File.ReadAllText(path);
        string received = Replay(expected);
        if (Environment.GetEnvironmentVariable("KV_ACCEPT") == "1")
        {
            string source = Path.Combine(AppContext.BaseDirectory, "../../../../../examples/own-protocol/tests");
            File.WriteAllText(Path.Combine(source, "transcripts", name), received);
            return;
        }

        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task TheTypedClientStoresFindsAndListsValues()
    {
        await using KeyValueConnection store = await KeyValueConnection.ConnectAsync(_socket);
        Assert.Equal("colour", (await store.SetAsync("colour", "blue")).Answer.Key.Text);
        Assert.Equal("blue", (await store.GetAsync("colour")).Answer.Value);
        CommandResult<ListedEvent> listed = await store.ListAsync();
        Assert.Equal(1, listed.Answer.Count);
        Assert.Equal([new EntryEvent("colour", 4)], listed.Streamed);
        await store.DeleteAsync("colour");
        CommandFailedException failed =
            await Assert.ThrowsAsync<CommandFailedException>(() => store.GetAsync("colour"));
        Assert.Equal(ErrorKind.KeyUnknown, failed.Kind);
    }

    [Fact]
    public async Task AWatcherReceivesTheChangesOfOthers()
    {
        await using KeyValueConnection watcher = await KeyValueConnection.ConnectAsync(_socket);
        await using KeyValueConnection writer = await KeyValueConnection.ConnectAsync(_socket);
        await watcher.WatchAsync(Toggle.On);
        await writer.SetAsync("colour", "red");
        await writer.DeleteAsync("colour");
        await using IAsyncEnumerator<KeyValueEvent> events = watcher.ReadEventsAsync().GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(new ChangedEvent("colour", "red"), events.Current);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(new RemovedEvent("colour"), events.Current);
    }

    [Theory]
    [InlineData(4095, "stored\tcolour\n")]
    [InlineData(4096, "error\tLine too long\n")]
    [InlineData(200_000, "error\tLine too long\n")]
    public void ALineThatIsTooLongEndsTheConnection(int length, string answer)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_socket));
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        try
        {
            socket.Send(Encoding.UTF8.GetBytes("set\tcolour\t".PadRight(length, 'x') + "\n"));
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection has ended before all was sent.
        }

        Assert.Equal(answer, ReadToEnd(reader));
    }

    public void Dispose()
    {
        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A connection that was closed before all was read ends with an error.
    private static string ReadToEnd(StreamReader reader)
    {
        var lines = new StringBuilder();
        try
        {
            while (reader.ReadLine() is { } line)
            {
                lines.Append(line).Append('\n');
            }
        }
        catch (IOException)
        {
            // All that was sent before has been read.
        }

        return lines.ToString();
    }

    // Sends the lines of a transcript one by one, each with a marker behind it: an unknown command, whose error ends
    // what belongs to the line.
    private string Replay(string transcript)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_socket));
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var said = new StringBuilder();
        foreach (string line in transcript.Split('\n'))
        {
            if (!line.StartsWith("> ", StringComparison.Ordinal))
            {
                continue;
            }

            said.Append(line).Append('\n');
            stream.Write(Encoding.UTF8.GetBytes(line[2..].Replace('⇥', '\t') + "\nend\n"));
            while (reader.ReadLine() is { } answer && answer != "error\tUnknown command: end")
            {
                said.Append("< ").Append(answer.Replace('\t', '⇥')).Append('\n');
            }
        }

        return said.ToString();
    }
}

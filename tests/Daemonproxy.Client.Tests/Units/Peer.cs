using System;
using System.IO;
using System.IO.Pipes;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>A connection whose other end is the test. Lines are written with ⇥ for TAB.</summary>
internal sealed class Peer : IAsyncDisposable
{
    private readonly AnonymousPipeServerStream _events = new(PipeDirection.Out);
    private readonly AnonymousPipeServerStream _commands = new(PipeDirection.In);
    private readonly StreamReader _reader;
    private string _marker = "";

    public Peer()
    {
        _reader = new StreamReader(_commands);
        Connection = DaemonConnection.Over(
            new AnonymousPipeClientStream(PipeDirection.In, _events.ClientSafePipeHandle),
            new AnonymousPipeClientStream(PipeDirection.Out, _commands.ClientSafePipeHandle));
    }

    public DaemonConnection Connection { get; }

    /// <summary>The next line that comes, whatever it is.</summary>
    public async Task<string> TakeLineAsync() =>
        (await _reader.ReadLineAsync().Within())?.Replace('\t', '⇥')
        ?? throw new EndOfStreamException("The connection ended.");

    /// <summary>The next command, and the marker that comes with it.</summary>
    public async Task<string> TakeCommandAsync()
    {
        string command = await TakeLineAsync();
        _marker = await TakeLineAsync();
        Assert.StartsWith("echo⇥done ", _marker, StringComparison.Ordinal);
        return command;
    }

    /// <summary>Says that the last command taken is done.</summary>
    public void Finish() => Tell(_marker["echo⇥".Length..]);

    public void Tell(params string[] lines) =>
        _events.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines).Replace('⇥', '\t') + "\n"));

    /// <summary>Waits until the connection has read everything that was told before.</summary>
    public async Task SynchronizeAsync()
    {
        Task done = Connection.SynchronizeAsync();
        Tell((await TakeLineAsync())["echo⇥".Length..]);
        await done.Within();
    }

    /// <summary>Takes no more commands.</summary>
    public void StopReading() => _commands.Dispose();

    /// <summary>Ends the connection as the daemon does.</summary>
    public void End() => _events.Dispose();

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _events.DisposeAsync();
        _reader.Dispose();
    }
}

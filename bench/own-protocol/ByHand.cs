using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace OwnProtocol;

/// <summary>
/// The commands <c>set</c>, <c>get</c> and <c>delete</c> of examples/own-protocol/kv.spec, written by hand in the usual
/// way: a PipeReader, a SequenceReader for the fields, strings for what is in them.
/// </summary>
internal sealed class ByHand(string path) : IDisposable
{
    private const int LongestKey = 31;
    private const int MostKeys = 100_000;

    private readonly Socket _listener = Listen(path);
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public void ServeNext() => ServeNextAsync().GetAwaiter().GetResult();

    public void Dispose() => _listener.Dispose();

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        File.Delete(path);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    private async Task ServeNextAsync()
    {
        using Socket socket = await _listener.AcceptAsync();
        await using var stream = new NetworkStream(socket);
        PipeReader reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 65536));
        PipeWriter writer = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: 65536));
        while (true)
        {
            ReadResult result = await reader.ReadAsync();
            ReadOnlySequence<byte> buffer = result.Buffer;
            reader.AdvanceTo(RunLines(buffer, writer), buffer.End);
            await writer.FlushAsync();
            if (result.IsCompleted)
            {
                break;
            }
        }
    }

    private SequencePosition RunLines(ReadOnlySequence<byte> buffer, PipeWriter writer)
    {
        var lines = new SequenceReader<byte>(buffer);
        while (lines.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            Write(writer, Run(line));
        }

        return lines.Position;
    }

    private string Run(ReadOnlySequence<byte> line)
    {
        var fields = new SequenceReader<byte>(line);
        string command = Next(ref fields) ?? "";
        switch (command)
        {
            case "set":
                return CheckKey(Next(ref fields), out string key) ?? Set(key, Next(ref fields));
            case "get":
                return CheckKey(Next(ref fields), out key) ?? (_values.TryGetValue(key, out string? value)
                    ? $"value\t{key}\t{value}"
                    : "error\tNo such key");
            case "delete":
                return CheckKey(Next(ref fields), out key) ?? (_values.Remove(key)
                    ? $"deleted\t{key}"
                    : "error\tNo such key");
            default:
                return $"error\tUnknown command: {command}";
        }
    }

    private string Set(string key, string? value)
    {
        if (!_values.ContainsKey(key) && _values.Count >= MostKeys)
        {
            return "error\tThe store is full";
        }

        if (value is null)
        {
            return "error\tMissing argument";
        }

        _values[key] = value;
        return $"stored\t{key}";
    }

    // The error, or null.
    private static string? CheckKey(string? field, out string key)
    {
        key = field ?? "";
        if (key.Length == 0)
        {
            return "error\tExpected a key";
        }

        if (key.Length > LongestKey)
        {
            return "error\tInvalid key";
        }

        foreach (char c in key)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return "error\tInvalid key";
            }
        }

        return null;
    }

    private static string? Next(ref SequenceReader<byte> fields)
    {
        if (fields.End)
        {
            return null;
        }

        if (!fields.TryReadTo(out ReadOnlySequence<byte> field, (byte)'\t'))
        {
            field = fields.UnreadSequence;
            fields.AdvanceToEnd();
        }

        return Encoding.UTF8.GetString(field);
    }

    private static void Write(PipeWriter writer, string answer)
    {
        Encoding.UTF8.GetBytes(answer, writer);
        writer.Write("\n"u8);
    }
}

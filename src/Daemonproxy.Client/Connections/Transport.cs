using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>Two ways of bytes; either may be a socket or anything else.</summary>
internal sealed class Transport(Stream input, Stream output, Socket? sender) : IAsyncDisposable
{
    /// <summary>Both ways over one socket.</summary>
    public static Transport Over(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        return new Transport(stream, stream, socket.AddressFamily == AddressFamily.Unix ? socket : null);
    }

    /// <summary>Over descriptors that this process has, which from now on belong to the connection.</summary>
    public static Transport Over(int input, int output)
    {
        if (input == output)
        {
            return Over(SocketOf(input) ?? throw new ArgumentException("It is not a socket.", nameof(input)));
        }

        Socket? sender = SocketOf(output);
        Stream commands = sender is null ? FileOf(output, FileAccess.Write) : new NetworkStream(sender, true);
        Stream events = SocketOf(input) is { } receiver
            ? new NetworkStream(receiver, ownsSocket: true)
            : FileOf(input, FileAccess.Read);
        return new Transport(events, commands, sender?.AddressFamily == AddressFamily.Unix ? sender : null);
    }

    /// <summary>Bytes read; 0 at the end.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation) =>
        input.ReadAsync(buffer, cancellation);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await output.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        await output.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes bytes, with a descriptor sent along with the first of them.</summary>
    public async ValueTask WriteAsync(
        ReadOnlyMemory<byte> bytes, SafeHandle descriptor, CancellationToken cancellation)
    {
        Socket socket = sender ?? throw new NotSupportedException("Only a unix socket takes descriptors along.");
        int sent = await DescriptorSender.SendAsync(socket, bytes, descriptor, cancellation).ConfigureAwait(false);
        await WriteAsync(bytes[sent..], cancellation).ConfigureAwait(false);
    }

    /// <summary>True if the connection can pass descriptors.</summary>
    public bool TakesDescriptors => sender is not null;

    public async ValueTask DisposeAsync()
    {
        await input.DisposeAsync().ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
    }

    private static Socket? SocketOf(int descriptor) => DescriptorSender.IsSocket(descriptor)
        ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
        : null;

    private static FileStream FileOf(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);
}

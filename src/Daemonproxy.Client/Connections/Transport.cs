using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>The two byte streams of a connection; each may be a socket or any other stream.</summary>
internal sealed class Transport(Stream input, Stream output, Socket? sender, Socket? receiver) : IAsyncDisposable
{
    private readonly DescriptorReceiver? _receiver = receiver is null ? null : new DescriptorReceiver(receiver);

    /// <summary>True if reading waits on the calling thread: it should have one of its own.</summary>
    public bool WaitsOnThread => _receiver is not null;

    /// <summary>Both directions over one socket.</summary>
    public static Transport Over(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        Socket? unix = OfUnix(socket);
        return new Transport(stream, stream, unix, unix);
    }

    /// <summary>Over descriptors of this process, which the connection owns from now on.</summary>
    public static Transport Over(int events, int commands)
    {
        if (events == commands)
        {
            return Over(SocketOf(events) ?? throw new ArgumentException("It must be a socket.", nameof(events)));
        }

        Socket? sender = SocketOf(commands);
        Stream output = sender is null ? FileOf(commands, FileAccess.Write) : new NetworkStream(sender, true);
        Socket? receiver = SocketOf(events);
        Stream input = receiver is null
            ? FileOf(events, FileAccess.Read)
            : new NetworkStream(receiver, ownsSocket: true);
        return new Transport(input, output, OfUnix(sender), OfUnix(receiver));
    }

    /// <summary>
    /// Returns the number of bytes read; 0 at the end. Received descriptors are added; they belong to the last of the
    /// lines.
    /// </summary>
    public ValueTask<int> ReadAsync(
        Memory<byte> buffer, List<SafeFileHandle> descriptors, CancellationToken cancellation) =>
        _receiver is null
            ? input.ReadAsync(buffer, cancellation)
            : new ValueTask<int>(_receiver.Receive(buffer.Span, descriptors));

    /// <summary>Ends a read that waits on its thread.</summary>
    public void StopReading() => _receiver?.Stop();

    /// <summary>Releases what reading needs, after its end.</summary>
    public void EndReading() => _receiver?.Dispose();

    /// <summary>True if <see cref="TrySend"/> works.</summary>
    public bool CanSendAtOnce => sender is not null;

    /// <summary>
    /// Sends the bytes that the kernel accepts at once; returns their number, -1 if none or after a failure.
    /// </summary>
    public int TrySend(ReadOnlySpan<byte> bytes) => DescriptorSender.TrySend(sender!, bytes);

    /// <summary>Writes bytes.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await output.WriteAsync(bytes).ConfigureAwait(false);
        await output.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Writes bytes, and a descriptor with the first of them.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, SafeHandle descriptor)
    {
        Socket socket = sender ?? throw new NotSupportedException("Only a unix socket can pass descriptors.");
        int sent = await DescriptorSender.SendAsync(socket, bytes, descriptor).ConfigureAwait(false);
        await WriteAsync(bytes[sent..]).ConfigureAwait(false);
    }

    /// <summary>True if the connection can pass descriptors.</summary>
    public bool TakesDescriptors => sender is not null;

    public async ValueTask DisposeAsync()
    {
        await input.DisposeAsync().ConfigureAwait(false);
        await output.DisposeAsync().ConfigureAwait(false);
    }

    private static Socket? OfUnix(Socket? socket) => socket?.AddressFamily == AddressFamily.Unix ? socket : null;

    private static Socket? SocketOf(int descriptor) => DescriptorSender.IsSocket(descriptor)
        ? new Socket(new SafeSocketHandle(descriptor, ownsHandle: true))
        : null;

    private static FileStream FileOf(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);
}

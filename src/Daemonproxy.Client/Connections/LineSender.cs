using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>Sends lines in the order in which they were given, as many with one write as there are.</summary>
internal sealed class LineSender(Transport transport)
{
    // As much as the daemon reads at once.
    private const int Batch = ProtocolLimits.Inbox;

    private readonly Channel<Outgoing> _lines = Channel.CreateUnbounded<Outgoing>(
        new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes lines to be sent, and a descriptor to be closed then; it does not wait.</summary>
    public void Add(ReadOnlyMemory<byte> lines, SafeHandle? descriptor)
    {
        if (!_lines.Writer.TryWrite(new Outgoing(lines, descriptor)))
        {
            descriptor?.Dispose();
        }
    }

    /// <summary>Sends until it is cancelled or the other side is gone.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await SendAllAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _lines.Writer.TryComplete();
            while (_lines.Reader.TryRead(out Outgoing left))
            {
                left.Descriptor?.Dispose();
            }
        }
    }

    private async Task SendAllAsync(CancellationToken cancellation)
    {
        var batch = new ArrayBufferWriter<byte>(Batch);
        while (await _lines.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (_lines.Reader.TryRead(out Outgoing next))
            {
                if (next.Descriptor is not null || batch.WrittenCount >= Batch)
                {
                    await FlushAsync(batch, cancellation).ConfigureAwait(false);
                }

                if (next.Descriptor is { } descriptor)
                {
                    using (descriptor)
                    {
                        await transport.WriteAsync(next.Lines, descriptor, cancellation).ConfigureAwait(false);
                    }
                }
                else
                {
                    batch.Write(next.Lines.Span);
                }
            }

            await FlushAsync(batch, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask FlushAsync(ArrayBufferWriter<byte> batch, CancellationToken cancellation)
    {
        if (batch.WrittenCount > 0)
        {
            await transport.WriteAsync(batch.WrittenMemory, cancellation).ConfigureAwait(false);
            batch.ResetWrittenCount();
        }
    }

    private readonly record struct Outgoing(ReadOnlyMemory<byte> Lines, SafeHandle? Descriptor);
}

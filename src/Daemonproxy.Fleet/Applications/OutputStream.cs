using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Fleet.Applications;

/// <summary>The kept output of a job. A following stream ends when the job is over and all bytes were read.</summary>
internal sealed class OutputStream(FleetClient fleet, string name, long offset, bool follows) : Stream
{
    private const int MostAtOnce = 64 * 1024;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => offset;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (true)
        {
            Task? next = follows
                ? await fleet.NextChangeAsync(name, cancellationToken).ConfigureAwait(false)
                : null;
            (byte[] bytes, bool isOver) = await fleet.ReadOutputAsync(
                name, offset, Math.Min(buffer.Length, MostAtOnce), cancellationToken).ConfigureAwait(false);
            if (bytes.Length > 0 || isOver || next is null)
            {
                bytes.CopyTo(buffer);
                offset += bytes.Length;
                return bytes.Length;
            }

            await fleet.WaitForChangeAsync(next, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Jobs.Outputs;

/// <summary>The growing output of a job: a read at the end waits for more, until the job is over.</summary>
/// <param name="file">The file; null if the job has printed nothing because it never ran.</param>
/// <param name="path">Its path.</param>
/// <param name="offset">The first byte.</param>
/// <param name="watcher">Says that the file has changed.</param>
/// <param name="isOver">Returns whether the output is complete.</param>
internal sealed class OutputStream(
    SafeFileHandle? file, string path, long offset, OutputWatcher watcher, Func<bool> isOver) : Stream
{
    private readonly SemaphoreSlim _changed = watcher.Subscribe(path);
    private SafeFileHandle? _file = file;
    private long _position = offset;
    private bool _isDisposed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // Checked before the read, so that output from before the end is not missed.
            bool wasOver = isOver();
            int count = Read(buffer.Span);
            if (count > 0 || wasOver || buffer.IsEmpty)
            {
                return count;
            }

            await _changed.WaitAsync(watcher.Patience, cancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<int> ReadAsync(
        byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <summary>Reads the available bytes; 0 at the end of the file.</summary>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_file is null && File.Exists(path))
        {
            _file = Kernel.KernelFiles.OpenRead(path);
        }

        int count = _file is null ? 0 : RandomAccess.Read(_file, buffer, _position);
        _position += count;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            watcher.Unsubscribe(path, _changed);
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }
}

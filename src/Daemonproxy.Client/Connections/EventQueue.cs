using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;

namespace Daemonproxy.Client;

/// <summary>
/// Events on their way to whoever reads them. It never holds up the connection: when nobody has read for too long,
/// what waited is discarded, and the reader is told so in the way that the daemon has for it, by an overflow.
/// </summary>
internal sealed class EventQueue(int capacity)
{
    private readonly Channel<DaemonEvent> _events = Channel.CreateBounded<DaemonEvent>(
        new BoundedChannelOptions(capacity) { SingleWriter = true });

    public void Add(DaemonEvent told)
    {
        if (_events.Writer.TryWrite(told))
        {
            return;
        }

        while (_events.Reader.TryRead(out _))
        {
        }

        _events.Writer.TryWrite(new OverflowEvent());
        _events.Writer.TryWrite(told);
    }

    public void End() => _events.Writer.TryComplete();

    public IAsyncEnumerable<DaemonEvent> ReadAllAsync(CancellationToken cancellation) =>
        _events.Reader.ReadAllAsync(cancellation);
}

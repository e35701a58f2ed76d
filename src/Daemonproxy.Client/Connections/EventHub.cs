using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

namespace Daemonproxy.Client;

/// <summary>
/// Passes events on to all subscriptions, those of one read together. Without a subscription it keeps no events.
/// </summary>
internal sealed class EventHub
{
    private readonly Lock _lock = new();
    private readonly List<DaemonEvent> _batch = [];
    private EventSubscription[] _subscriptions = [];
    private bool _isEnded;

    /// <summary>
    /// Adds an event to those that the next <see cref="Flush"/> passes on. Only the reading thread calls this.
    /// </summary>
    public void Add(DaemonEvent received)
    {
        if (Volatile.Read(ref _subscriptions).Length > 0)
        {
            _batch.Add(received);
        }
    }

    /// <summary>Passes on the added events.</summary>
    public void Flush()
    {
        if (_batch.Count == 0)
        {
            return;
        }

        foreach (EventSubscription subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Add(CollectionsMarshal.AsSpan(_batch));
        }

        _batch.Clear();
    }

    /// <summary>Adds a subscription.</summary>
    public EventSubscription Subscribe(int capacity, CancellationToken cancellation)
    {
        var subscription = new EventSubscription(this, capacity, cancellation);
        lock (_lock)
        {
            if (_isEnded)
            {
                subscription.End();
            }
            else
            {
                Volatile.Write(ref _subscriptions, [.. _subscriptions, subscription]);
            }
        }

        return subscription;
    }

    /// <summary>Removes a subscription.</summary>
    public void Remove(EventSubscription subscription)
    {
        lock (_lock)
        {
            Volatile.Write(
                ref _subscriptions, Array.FindAll(_subscriptions, other => !ReferenceEquals(other, subscription)));
        }
    }

    /// <summary>Handles the end of the events.</summary>
    public void End()
    {
        EventSubscription[] all;
        lock (_lock)
        {
            _isEnded = true;
            all = _subscriptions;
            _subscriptions = [];
        }

        Array.ForEach(all, static subscription => subscription.End());
    }
}

using System;
using System.Threading;

namespace Daemonproxy.Client;

/// <summary>
/// An event in an array. The runtime checks the type of each reference that is stored into an array of a class with
/// derived classes; it does not check that of a struct.
/// </summary>
internal readonly record struct EventSlot(DaemonEvent? Event);

/// <summary>Passes events on to all subscriptions. Without a subscription it keeps no events.</summary>
internal sealed class EventHub
{
    private readonly Lock _lock = new();
    private EventSubscription[] _subscriptions = [];
    private bool _isEnded;

    /// <summary>True if somebody reads events.</summary>
    public bool HasSubscriptions => Volatile.Read(ref _subscriptions).Length > 0;

    /// <summary>Passes events on. No two threads call this at once.</summary>
    public void Pass(params ReadOnlySpan<EventSlot> events)
    {
        foreach (EventSubscription subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Add(events);
        }
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

using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Daemonproxy.Fleet.Store;
using StackExchange.Redis;

namespace Daemonproxy.Fleet.Applications;

/// <summary>
/// Passes on the messages of the channel of changes. Redis does not keep messages without a subscriber, so waiting
/// callers also poll from time to time.
/// </summary>
internal sealed class ChangeFeed
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);
    private readonly List<Channel<string>> _watching = [];

    private ChangeFeed()
    {
    }

    /// <summary>Subscribes to the channel. The exceptions are those of StackExchange.Redis.</summary>
    public static async Task<ChangeFeed> StartAsync(ISubscriber subscriber, FleetKeys keys)
    {
        var feed = new ChangeFeed();
        Action<RedisChannel, RedisValue> handler = (_, message) => feed.Receive(message.ToString());
        try
        {
            await subscriber.SubscribeAsync(keys.Changed, handler).ConfigureAwait(false);
            return feed;
        }
        catch
        {
            // The library keeps the handler of a subscription that failed, and subscribes again by itself.
            await subscriber.UnsubscribeAsync(keys.Changed, handler, CommandFlags.FireAndForget).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Completes with the next change of a job.</summary>
    public Task NextOf(string name)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(name, out TaskCompletionSource? source))
            {
                source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(name, source);
            }

            return source.Task;
        }
    }

    /// <summary>The names of jobs that change.</summary>
    public Channel<string> Watch()
    {
        var channel = Channel.CreateBounded<string>(
            new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            _watching.Add(channel);
        }

        return channel;
    }

    public void Leave(Channel<string> channel)
    {
        lock (_lock)
        {
            _watching.Remove(channel);
        }
    }

    // NAME STATUS, NAME output, NAME forgotten.
    private void Receive(string message)
    {
        string name = message.Split(' ')[0];
        lock (_lock)
        {
            if (_waiting.Remove(name, out TaskCompletionSource? source))
            {
                source.SetResult();
            }

            if (!message.EndsWith(" output", StringComparison.Ordinal))
            {
                _watching.ForEach(channel => channel.Writer.TryWrite(name));
            }
        }
    }
}

using StackExchange.Redis;

namespace Daemonproxy.Fleet.Store;

/// <summary>
/// The names of the keys. The braces are a hash tag: all keys of a fleet are in one slot, so that its scripts run on
/// one node of a cluster.
/// </summary>
internal sealed class FleetKeys(string fleet)
{
    public string Prefix { get; } = $"{{{fleet}}}";

    public RedisKey[] Script => [Prefix];

    public RedisKey Agents => $"{Prefix}:agents";

    public RedisKey Parted => $"{Prefix}:parted";

    public RedisKey Returned => $"{Prefix}:returned";

    public RedisKey Streams => $"{Prefix}:streams";

    public RedisChannel Changed => RedisChannel.Literal($"{Prefix}:changed");

    public RedisKey Job(string name) => $"{Prefix}:job:{name}";

    public RedisKey Output(string name) => $"{Prefix}:out:{name}";

    public RedisKey Input(string name) => $"{Prefix}:in:{name}";

    public RedisKey Status(string word) => $"{Prefix}:st:{word}";

    public RedisKey Agent(string name) => $"{Prefix}:agent:{name}";

    public RedisKey Runs(string agent) => $"{Prefix}:runs:{agent}";

    public RedisChannel Mail(string agent) => RedisChannel.Literal($"{Prefix}:mail:{agent}");

    public string Stream(string queue, int priority) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{Prefix}:q:{Records.FleetSpec.Version}:{queue}:{priority}");
}

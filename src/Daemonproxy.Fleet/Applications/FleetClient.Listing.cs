using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Jobs;
using StackExchange.Redis;

namespace Daemonproxy.Fleet;

/// <summary>Lists, counts, machines and queues.</summary>
public sealed partial class FleetClient
{
    private const int MostReturned = 20;

    /// <inheritdoc />
    public async Task<JobPage> ListAsync(JobFilter? filter = null, CancellationToken cancellation = default)
    {
        JobFilter given = filter ?? new JobFilter();
        if (given.Most is < 1 or > JobFilter.MostOnAPage)
        {
            throw new JobsException(JobsFault.BadRequest, "A page has 1 to 1,000 jobs.");
        }

        JobStatus[] statuses = given.Statuses.Count > 0 ? [.. given.Statuses] : Enum.GetValues<JobStatus>();
        List<JobInfo> page = [];
        long? before = given.Before;
        while (true)
        {
            List<(string Name, long Sequence)> part = await NamesBeforeAsync(statuses, before, given.Most, cancellation)
                .ConfigureAwait(false);
            JobInfo?[] jobs = await Task.WhenAll(part.Select(one => FindAsync(one.Name, cancellation)))
                .ConfigureAwait(false);
            foreach (JobInfo job in jobs.OfType<JobInfo>().Where(job => IsWanted(job, given)))
            {
                page.Add(job);
                if (page.Count == given.Most)
                {
                    return new JobPage(page, job.Sequence);
                }
            }

            if (part.Count < given.Most)
            {
                return new JobPage(page, null);
            }

            before = part[^1].Sequence;
        }
    }

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<JobStatus, int>> CountAsync(CancellationToken cancellation = default)
    {
        JobStatus[] statuses = Enum.GetValues<JobStatus>();
        long[] counts = await Task.WhenAll(statuses.Select(status => CallAsync(
            redis => redis.SortedSetLengthAsync(_keys.Status(JobReader.WordOf(status))), cancellation)))
            .ConfigureAwait(false);
        return statuses.Zip(counts).Where(static one => one.Second > 0)
            .ToDictionary(static one => one.First, static one => (int)one.Second);
    }

    /// <inheritdoc />
    public async Task<FleetStatus> GetStatusAsync(CancellationToken cancellation = default)
    {
        long now = await NowAsync(cancellation).ConfigureAwait(false);
        SortedSetEntry[] leases = await CallAsync(
            redis => redis.SortedSetRangeByRankWithScoresAsync(_keys.Agents), cancellation).ConfigureAwait(false);
        SortedSetEntry[] parted = await CallAsync(
            redis => redis.SortedSetRangeByRankWithScoresAsync(_keys.Parted), cancellation).ConfigureAwait(false);
        FleetMachine[] machines = await Task.WhenAll(leases.Concat(parted)
            .OrderBy(static one => one.Element.ToString(), StringComparer.Ordinal)
            .Select(lease => MachineAsync(lease, now, cancellation))).ConfigureAwait(false);
        RedisValue[] streams = await CallAsync(redis => redis.SetMembersAsync(_keys.Streams), cancellation)
            .ConfigureAwait(false);
        FleetQueue[] queues = await Task.WhenAll(streams
            .Select(stream => QueueAsync(stream.ToString(), now, cancellation))).ConfigureAwait(false);
        return new FleetStatus(
            machines,
            [.. queues.OrderBy(static one => one.Name, StringComparer.Ordinal).ThenBy(static one => one.Priority)],
            await CountAsync(cancellation).ConfigureAwait(false),
            await ReturnedAsync(cancellation).ConfigureAwait(false));
    }

    private async Task<FleetReturn[]> ReturnedAsync(CancellationToken cancellation)
    {
        SortedSetEntry[] returned = await CallAsync(
            redis => redis.SortedSetRangeByRankWithScoresAsync(
                _keys.Returned, 0, MostReturned - 1, Order.Descending),
            cancellation).ConfigureAwait(false);
        return await Task.WhenAll(returned.Select(async one =>
        {
            string name = one.Element.ToString();
            RedisValue[] values = await CallAsync(
                redis => redis.HashGetAsync(_keys.Job(name), new RedisValue[] { "due", "why" }), cancellation)
                .ConfigureAwait(false);
            DateTimeOffset? due = values[0].IsNullOrEmpty
                ? null
                : DateTimeOffset.FromUnixTimeMilliseconds((long)values[0]);
            return new FleetReturn(name, (int)one.Score, due, values[1].ToString());
        })).ConfigureAwait(false);
    }

    // TIME is a command of no key; on a cluster each node has nearly the same.
    private async Task<long> NowAsync(CancellationToken cancellation)
    {
        RedisResult time = await CallAsync(
            redis => redis.ScriptEvaluateAsync("return redis.call('TIME')", _keys.Script), cancellation)
            .ConfigureAwait(false);
        var parts = (RedisValue[])time!;
        return ((long)parts[0] * 1000) + ((long)parts[1] / 1000);
    }

    private async Task<List<(string Name, long Sequence)>> NamesBeforeAsync(
        JobStatus[] statuses, long? before, int most, CancellationToken cancellation)
    {
        SortedSetEntry[][] found = await Task.WhenAll(statuses.Select(status => CallAsync(
            redis => redis.SortedSetRangeByScoreWithScoresAsync(
                _keys.Status(JobReader.WordOf(status)),
                stop: before ?? double.PositiveInfinity,
                exclude: before is null ? Exclude.None : Exclude.Stop,
                order: Order.Descending,
                take: most),
            cancellation))).ConfigureAwait(false);
        return
        [
            .. found.SelectMany(static part => part)
                .Select(static entry => (entry.Element.ToString(), (long)entry.Score))
                .OrderByDescending(static entry => entry.Item2)
                .Take(most),
        ];
    }

    private async Task<FleetMachine> MachineAsync(SortedSetEntry lease, long now, CancellationToken cancellation)
    {
        string name = lease.Element.ToString();
        RedisValue text = await CallAsync(redis => redis.HashGetAsync(_keys.Agent(name), "info"), cancellation)
            .ConfigureAwait(false);
        long running = await CallAsync(redis => redis.HashLengthAsync(_keys.Runs(name)), cancellation)
            .ConfigureAwait(false);
        MachineNote note = (text.IsNullOrEmpty
            ? null
            : JsonSerializer.Deserialize(text.ToString(), NoteJson.Default.MachineNote)) ?? new MachineNote();
        double left = lease.Score - now;
        return new FleetMachine(
            name,
            left > 0 ? TimeSpan.FromMilliseconds(left) : null,
            note.Queues,
            note.Places,
            (int)running,
            note.Version,
            note.Trouble);
    }

    // PREFIX:q:VERSION:QUEUE:PRIORITY
    private async Task<FleetQueue> QueueAsync(string stream, long now, CancellationToken cancellation)
    {
        string[] words = stream[_keys.Prefix.Length..].Split(':');
        long waiting = await CallAsync(redis => redis.StreamLengthAsync(stream), cancellation).ConfigureAwait(false);
        StreamEntry[] first = waiting == 0
            ? []
            : await CallAsync(redis => redis.StreamRangeAsync(stream, count: 1), cancellation).ConfigureAwait(false);
        long since = first.Length == 0
            ? now
            : long.Parse(first[0].Id.ToString().Split('-')[0], CultureInfo.InvariantCulture);
        return new FleetQueue(
            words[3],
            (FleetPriority)int.Parse(words[4], CultureInfo.InvariantCulture),
            int.Parse(words[2], CultureInfo.InvariantCulture),
            waiting,
            TimeSpan.FromMilliseconds(Math.Max(0, now - since)));
    }

    private static bool IsWanted(JobInfo job, JobFilter filter) =>
        (filter.Queue is null || job.Queue == filter.Queue)
        && (filter.Statuses.Count == 0 || filter.Statuses.Contains(job.Status))
        && filter.Tags.All(tag => job.Tags.TryGetValue(tag.Key, out string? value) && value == tag.Value)
        && (filter.Text is not { Length: > 0 } text
            || job.Name.Contains(text, StringComparison.OrdinalIgnoreCase)
            || job.Program.Contains(text, StringComparison.OrdinalIgnoreCase)
            || job.Tags.Values.Any(value => value.Contains(text, StringComparison.OrdinalIgnoreCase)));
}

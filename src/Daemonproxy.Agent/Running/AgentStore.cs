using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Tasks;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Fleet.Store;
using StackExchange.Redis;

namespace Daemonproxy.Agent.Running;

/// <summary>Redis' answer to a renewal of the lease.</summary>
/// <param name="Word"><c>ok</c>, <c>who</c>, <c>taken</c> or <c>other</c>: Scripts/renew.lua.</param>
internal sealed record RenewReply(string Word)
{
    public string Fleet { get; init; } = "";

    /// <summary>The milliseconds until the next deadline.</summary>
    public long? Due { get; init; }

    /// <summary>The number of waiting jobs that this version cannot read.</summary>
    public long Newer { get; init; }

    public IReadOnlyList<(string Name, long Fence, int? Stop)> Runs { get; init; } = [];

    public long Now { get; init; }

    /// <summary>The number of times that Redis had older data than before.</summary>
    public long Forgotten { get; init; }
}

/// <summary>An entry of a stream that was read and not claimed yet.</summary>
internal readonly record struct ReadEntry(string Stream, string Id);

/// <summary>The scripts of the fleet for an agent. The methods throw the exceptions of StackExchange.Redis.</summary>
internal sealed class AgentStore(
    AgentOptions options, FleetKeys keys, IDatabase redis, IDatabase blocking, string instance)
{
    private readonly string[] _streams =
    [
        .. from priority in Enumerable.Range(0, 3) from queue in options.Queues select keys.Stream(queue, priority),
    ];

    // The time of its last answer; empty before the first one.
    private string _told = "";

    /// <summary>The identifier of Redis' data; empty before the first renewal.</summary>
    public string Fleet { get; private set; } = "";

    /// <summary>Renews the lease.</summary>
    public async Task<RenewReply> RenewAsync(string mark, MachineNote note, bool registers)
    {
        string text = JsonSerializer.Serialize(note, NoteJson.Default.MachineNote);
        RedisResult answer = await redis.ScriptEvaluateAsync(FleetScripts.Renew, keys.Script,
        [
            options.Name, instance, mark, (long)options.Lease.TotalMilliseconds, text, registers ? "1" : "",
            RandomNumberGenerator.GetHexString(16, lowercase: true), FleetSpec.Version, _told,
        ]).ConfigureAwait(false);
        var parts = (RedisResult[])answer!;
        if (parts.Length < 7)
        {
            return new RenewReply(parts[0].ToString());
        }

        Fleet = parts[1].ToString();
        _told = parts[5].ToString();
        string[] runs = (string[])parts[4]!;
        return new RenewReply("ok")
        {
            Fleet = Fleet,
            Due = parts[2].ToString() is { Length: > 0 } due ? Number(due) : null,
            Newer = (long)parts[3],
            Runs =
            [
                .. runs.Chunk(3).Select(static run => (
                    run[0], Number(run[1]), run[2].Length > 0 ? (int?)Number(run[2]) : null)),
            ],
            Now = Number(_told),
            Forgotten = Number(parts[6].ToString()),
        };
    }

    /// <summary>Takes jobs; null if the machine has to register.</summary>
    public async Task<IReadOnlyList<RunTerms>?> TakeAsync(int places, IReadOnlyList<ReadEntry> read)
    {
        List<RedisValue> values = [options.Name, instance, places, _streams.Length];
        values.AddRange(_streams.Select(static stream => (RedisValue)stream));
        foreach (ReadEntry entry in read)
        {
            values.Add(entry.Stream);
            values.Add(entry.Id);
        }

        RedisResult answer = await redis.ScriptEvaluateAsync(FleetScripts.Take, keys.Script, [.. values])
            .ConfigureAwait(false);
        return answer.Resp2Type == ResultType.Array
            ? [.. ((RedisResult[])answer!).Select(TermsOf)]
            : null;
    }

    /// <summary>Waits for a job: the only call of an idle agent that blocks.</summary>
    public async Task<IReadOnlyList<ReadEntry>> WaitAsync(TimeSpan most)
    {
        List<object> words =
        [
            "GROUP", "agents", options.Name, "COUNT", "1", "BLOCK",
            ((long)Math.Max(1, most.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture), "STREAMS",
        ];
        words.AddRange(_streams.Select(static stream => (object)(RedisKey)stream));
        words.AddRange(_streams.Select(static _ => (object)">"));
        RedisResult answer = await blocking.ExecuteAsync("XREADGROUP", words).ConfigureAwait(false);
        List<ReadEntry> read = [];
        if (!answer.IsNull)
        {
            foreach (RedisResult[] part in ((RedisResult[])answer!).Select(static part => (RedisResult[])part!))
            {
                read.AddRange(((RedisResult[])part[1]!).Select(entry =>
                    new ReadEntry(part[0].ToString(), ((RedisResult[])entry!)[0].ToString())));
            }
        }

        return read;
    }

    /// <summary>
    /// Sends output of a run, and returns its owner, the next byte, and the room for more.
    /// </summary>
    public async Task<(Ownership Whose, long Next, long Room)> SendProgressAsync(
        Run run, long? startedAt, long offset, byte[] bytes, long skipped)
    {
        RunTerms terms = run.Terms;
        RedisResult answer = await redis.ScriptEvaluateAsync(FleetScripts.Progress, keys.Script,
        [
            terms.Name, terms.Id, options.Name, terms.Fence,
            run.Pid?.ToString(CultureInfo.InvariantCulture) ?? "",
            startedAt?.ToString(CultureInfo.InvariantCulture) ?? "0",
            offset, bytes, terms.Fleet, terms.Queue, terms.Program,
            (long)options.Redis.KeepFor.TotalMilliseconds, options.Redis.MostOutput, skipped,
        ]).ConfigureAwait(false);
        string[] parts = (string[])answer!;
        return (OwnershipOf(parts[0]), Number(parts[1]), Number(parts[2]));
    }

    /// <summary>Reports the end of a run.</summary>
    public async Task<Ownership> FinishAsync(Run run, long? startedAt)
    {
        RunTerms terms = run.Terms;
        RunEnd end = run.End!;
        List<RedisValue> values = [terms.Name, terms.Id, options.Name, terms.Fence, end.Status];
        Add(values, "started", startedAt?.ToString(CultureInfo.InvariantCulture));
        Add(values, "pid", run.Pid?.ToString(CultureInfo.InvariantCulture));
        Add(values, "code", end.ExitCode?.ToString(CultureInfo.InvariantCulture));
        Add(values, "sig", end.Signal);
        Add(values, "why", end.Reason);
        if (end.Failure is { } failure)
        {
            Add(values, "fstep", failure.Step);
            Add(values, "ferr", failure.Error);
            Add(values, "fsub", failure.Subject);
        }

        RedisResult answer = await redis.ScriptEvaluateAsync(FleetScripts.Finish, keys.Script, [.. values])
            .ConfigureAwait(false);
        return OwnershipOf(answer.ToString());
    }

    public Task GiveBackAsync(BackEffect back) => redis.ScriptEvaluateAsync(
        FleetScripts.Back,
        keys.Script,
        [back.Name, back.Id, options.Name, back.Fence, back.How, back.Why, back.Delay]);

    /// <summary>Leaves the fleet: the jobs of the machine are given to others.</summary>
    public Task LeaveAsync() =>
        redis.ScriptEvaluateAsync(FleetScripts.Leave, keys.Script, [options.Name, instance]);

    /// <summary>The standard input of a job.</summary>
    public async Task<byte[]> InputOfAsync(string job) =>
        (byte[]?)await redis.StringGetAsync(keys.Input(job)).ConfigureAwait(false) ?? [];

    private RunTerms TermsOf(RedisResult job)
    {
        var fields = (RedisResult[])job!;
        return new RunTerms(fields[0].ToString(), fields[1].ToString(), Number(fields[2].ToString()))
        {
            Fleet = Fleet,
            Queue = fields[3].ToString(),
            Program = fields[4].ToString(),
            Limit = fields[5].ToString() is { Length: > 0 } limit ? Number(limit) : null,
            Spec = (byte[])fields[6]!,
            HasInput = fields[7].ToString().Length > 0,
        };
    }

    private static void Add(List<RedisValue> values, string field, string? value)
    {
        if (value is not null)
        {
            values.Add(field);
            values.Add(value);
        }
    }

    private static Ownership OwnershipOf(string word) => word switch
    {
        "mine" => Ownership.Mine,
        "again" => Ownership.Again,
        "gone" => Ownership.Gone,
        _ => Ownership.Late,
    };

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Fleet.Records;
using Daemonproxy.Fleet.Store;
using Daemonproxy.Jobs;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Running;
using StackExchange.Redis;

namespace Daemonproxy.Fleet;

/// <summary>Accepting jobs, and their requests again.</summary>
public sealed partial class FleetClient
{
    /// <inheritdoc />
    public async Task<JobInfo> StartAsync(
        JobRequest request, FleetPlace place, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(place);
        FleetSpec spec = RequestCheck.Read(request);
        byte[] input = await ReadInputAsync(request.Input, cancellation).ConfigureAwait(false);
        string name = request.Name ?? RandomNumberGenerator.GetHexString(12, lowercase: true);
        string id = RandomNumberGenerator.GetHexString(16, lowercase: true);
        List<RedisValue> values =
        [
            name, id, _options.MostQueued, place.NotBefore?.ToUnixTimeMilliseconds() ?? 0, input,
            JobReader.Fields.Length, .. JobReader.Fields, .. RecordOf(request, place, spec),
        ];
        RedisResult answer = await RunAsync(FleetScripts.Accept, [.. values], cancellation).ConfigureAwait(false);
        if (answer.Resp2Type == ResultType.Array)
        {
            return JobReader.Read(name, (RedisValue[])answer!) ?? throw NotFound(name);
        }

        throw answer.ToString() switch
        {
            "taken" => new JobsException(JobsFault.NameTaken, $"There is a job {name} already."),
            _ => new JobsException(
                JobsFault.QueueFull, $"{_options.MostQueued} jobs wait already: no more are accepted."),
        };
    }

    /// <inheritdoc />
    public async Task<JobRequest> GetRequestAsync(string name, CancellationToken cancellation = default)
    {
        JobInfo job = await GetAsync(name, cancellation).ConfigureAwait(false);
        RedisValue[] values = await CallAsync(
            redis => redis.HashGetAsync(
                _keys.Job(name), new RedisValue[] { "spec", "keep", "retr", "rd1", "rdm", "has_in" }),
            cancellation).ConfigureAwait(false);
        if (values[0].IsNullOrEmpty)
        {
            throw new JobsException(JobsFault.OutputGone, $"The request of the job {name} was lost by Redis.");
        }

        Stream? input = null;
        if (!values[5].IsNullOrEmpty)
        {
            RedisValue bytes = await CallAsync(redis => redis.StringGetAsync(_keys.Input(name)), cancellation)
                .ConfigureAwait(false);
            input = bytes.IsNull
                ? throw new JobsException(JobsFault.OutputGone, $"The input of the job {name} is not kept any more.")
                : new MemoryStream((byte[])bytes!);
        }

        FleetSpec spec = FleetSpec.Read((byte[])values[0]!);
        List<string> arguments = Texts.Split(spec.Arguments);
        return new JobRequest(arguments[0], arguments.Skip(1))
        {
            Tags = job.Tags,
            Environment = RequestRules.VariablesOf(spec.Environment),
            ClearsEnvironment = spec.ClearsEnvironment,
            Directory = spec.Directory,
            Queue = job.Queue,
            TimeLimit = job.TimeLimit,
            Retries = new JobRetries((int)values[2])
            {
                FirstDelay = TimeSpan.FromMilliseconds((long)values[3]),
                MostDelay = TimeSpan.FromMilliseconds((long)values[4]),
            },
            KeepFor = TimeSpan.FromMilliseconds((long)values[1]),
            Input = input,
            Limits = spec.Limits,
        };
    }

    private List<RedisValue> RecordOf(JobRequest request, FleetPlace place, FleetSpec spec)
    {
        List<RedisValue> record =
        [
            "v", FleetSpec.Version,
            "q", request.Queue,
            "pri", (int)place.Priority,
            "prog", new string([.. request.Program.Take(200)]),
            "spec", spec.ToBytes(),
            "keep", Milliseconds(request.KeepFor ?? _options.KeepFor),
            "retr", request.Retries.Most,
            "rd1", Milliseconds(request.Retries.FirstDelay),
            "rdm", Milliseconds(request.Retries.MostDelay),
            "mout", _options.MostOutput,
        ];
        if (request.TimeLimit is { } limit)
        {
            record.AddRange(["limit", Milliseconds(limit)]);
        }

        if (request.Tags.Count > 0)
        {
            var tags = new Dictionary<string, string>(request.Tags);
            record.AddRange(["tags", JsonSerializer.Serialize(tags, SpecJson.Default.DictionaryStringString)]);
        }

        if (request.Input is not null)
        {
            record.AddRange(["has_in", "1"]);
        }

        return record;
    }

    private async Task<byte[]> ReadInputAsync(Stream? input, CancellationToken cancellation)
    {
        if (input is null)
        {
            return [];
        }

        using var bytes = new MemoryStream();
        byte[] buffer = new byte[64 * 1024];
        int read;
        while ((read = await input.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > _options.MostInput)
            {
                throw new JobsException(
                    JobsFault.TooLarge,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The input of a job of this fleet has at most {_options.MostInput} bytes."));
            }
        }

        return bytes.ToArray();
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}

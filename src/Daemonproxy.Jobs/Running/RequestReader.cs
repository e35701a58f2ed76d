using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// Checks a request, and makes of it what is recorded. Nothing of it is left to the daemon to refuse.
/// </summary>
internal sealed class RequestReader(JobsOptions options, string application)
{
    /// <summary>The longest name of a job.</summary>
    public const int LongestName = 20;

    private const int LongestWord = 40;
    private const int LongestTagValue = 120;
    private const int MostTags = 16;

    // MAX_ARG_STRLEN of execve(2), its NUL included.
    private const int LongestArgument = 128 * 1024;

    // A third of what Linux takes at most, 6 MiB: there is the environment, too, and pointers to all of them.
    private const int MostArguments = 4 * 1024 * 1024;

    private static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> _limitCharacters = SearchValues.Create("0123456789KMG:infty");

    /// <summary>True if a text can be a name.</summary>
    public static bool IsName(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && text.AsSpan().IndexOfAnyExcept(_nameCharacters) < 0;

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="created">When it came.</param>
    /// <exception cref="JobsException">It is not valid.</exception>
    public NewJob Read(JobRequest request, DateTimeOffset created)
    {
        string name = request.Name ?? RandomNumberGenerator.GetHexString(12, lowercase: true);
        Require(IsName(name, LongestName), $"\"{Shown(name)}\" is no name of a job: 1 to 20 of A-Z a-z 0-9 . _ -.");
        Require(name is not ("." or ".."), "A job cannot be named by dots alone: its name is a part of paths.");
        Require(name != application, $"\"{name}\" is the name of the application; a job needs another one.");
        Require(IsName(request.Queue, LongestWord), "The name of a queue is 1 to 40 of A-Z a-z 0-9 . _ -.");
        Require(request.Program.Length > 0, "A job needs a program.");
        CheckTags(request.Tags);
        CheckTimes(request);
        var terms = new JobTerms(RandomNumberGenerator.GetHexString(16, lowercase: true), name, 0, request.Queue)
        {
            Created = DateTimeOffset.FromUnixTimeMilliseconds(created.ToUnixTimeMilliseconds()),
            TimeLimit = request.TimeLimit,
            Retries = request.Retries,
            KeepFor = request.KeepFor ?? options.KeepFor,
            Program = Shown(request.Program),
            Tags = new Dictionary<string, string>(request.Tags),
        };
        JobSpec spec = SpecOf(request);
        return new NewJob(new Job(terms) { Spec = spec.IsSmall ? spec : null }, spec);
    }

    /// <summary>The request again.</summary>
    public static JobRequest RequestOf(
        JobInfo job, JobSpec spec, TimeSpan keepFor, JobRetries retries, Stream? input)
    {
        List<string> arguments = Texts.Split(spec.Arguments);
        return new JobRequest(arguments[0], arguments.Skip(1))
        {
            Tags = job.Tags,
            Environment = Texts.Split(spec.Environment).ToDictionary(
                static change => change.Split('=', 2)[0],
                static change => change.Contains('=', StringComparison.Ordinal) ? change.Split('=', 2)[1] : null),
            ClearsEnvironment = spec.ClearsEnvironment,
            Directory = spec.Directory,
            Queue = job.Queue,
            TimeLimit = job.TimeLimit,
            Retries = retries,
            KeepFor = keepFor,
            Input = input,
            Limits = spec.Limits.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static JobSpec SpecOf(JobRequest request)
    {
        byte[] arguments = Texts.Join(request.Arguments.Prepend(request.Program), "An argument");
        CheckArguments(arguments);
        foreach (string key in request.Environment.Keys)
        {
            Require(
                key.Length > 0 && !key.Contains('=', StringComparison.Ordinal),
                "The name of a variable has at least one character, and no equals sign.");
        }

        byte[] environment = Texts.Join(
            request.Environment.Select(static one => one.Value is null ? one.Key : $"{one.Key}={one.Value}"),
            "A variable");
        if (environment.Length > Launcher.MostFromDescriptor)
        {
            throw new JobsException(JobsFault.TooLarge, "The variables of a job have at most 128 KiB.");
        }

        if (request.Directory is { } directory)
        {
            Require(
                directory.StartsWith('/') && directory.AsSpan().IndexOfAny("\0\t\n") < 0 && IsUtf8(directory)
                    && Encoding.UTF8.GetByteCount(directory) <= 1024,
                "The directory of a job is an absolute path of up to 1,024 bytes, without TAB and line feed.");
        }

        foreach (string limit in request.Limits)
        {
            Require(
                IsLimit(limit), $"\"{Shown(limit)}\" is no limit: name=number, or name=soft:hard, as nofile=1024.");
        }

        return new JobSpec(
            Shown(request.Program), arguments, environment, request.ClearsEnvironment, request.Directory,
            string.Join(' ', request.Limits), request.Input is not null);
    }

    private static void CheckArguments(byte[] arguments)
    {
        ReadOnlySpan<byte> rest = arguments;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOf((byte)0) + 1;
            if (length > LongestArgument)
            {
                throw new JobsException(
                    JobsFault.TooLarge, "An argument has at most 131,071 bytes: more execve(2) does not take.");
            }

            rest = rest[length..];
        }

        if (arguments.Length > MostArguments)
        {
            throw new JobsException(JobsFault.TooLarge, "The arguments of a job have at most 4 MiB.");
        }

        if (arguments.Length > Launcher.MostFromDescriptor && !BashBridge.Exists)
        {
            throw new JobsException(
                JobsFault.TooLarge, "Arguments of more than 128 KiB need bash, which is not installed.");
        }
    }

    private static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        Require(tags.Count <= MostTags, "A job has at most 16 tags.");
        foreach ((string key, string value) in tags)
        {
            Require(IsName(key, LongestWord), "The key of a tag is 1 to 40 of A-Z a-z 0-9 . _ -.");
            Require(
                key is not ("jobs" or "manager" or "want") && !key.StartsWith("job.", StringComparison.Ordinal),
                $"The key {key} belongs to Daemonproxy.");
            Require(
                value is not null && Encoding.UTF8.GetByteCount(value) <= LongestTagValue && IsUtf8(value)
                    && value.Length > 0 && !value.Any(char.IsControl),
                $"The value of the tag {key} is 1 to 120 bytes, without TAB, line feed and other control characters.");
        }
    }

    private static void CheckTimes(JobRequest request)
    {
        TimeSpan day = TimeSpan.FromDays(1);
        Require(
            request.TimeLimit is not { } limit || (limit > TimeSpan.Zero && limit <= 10_000 * day),
            "The time limit of a job is above zero, and at most 10,000 days.");
        Require(
            request.KeepFor is not { } keep || (keep >= TimeSpan.Zero && keep <= 10_000 * day),
            "A job is kept for 0 to 10,000 days.");
        Require(request.Retries.Most is >= 0 and <= 1000, "A job is tried again 0 to 1,000 times.");
        Require(
            request.Retries.FirstDelay >= TimeSpan.Zero && request.Retries.FirstDelay <= day,
            "The wait before the second try is 0 to 1 day.");
        Require(
            request.Retries.MostDelay >= TimeSpan.Zero && request.Retries.MostDelay <= 30 * day,
            "The longest wait between two tries is 0 to 30 days.");
    }

    // RESOURCE=SOFT[:HARD], as service.limits has it.
    private static bool IsLimit(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && text.Length <= 60
            && text.AsSpan(0, at).IndexOfAnyExceptInRange('a', 'z') < 0
            && text.Length > at + 1
            && text.AsSpan(at + 1).IndexOfAnyExcept(_limitCharacters) < 0;
    }

    private static bool IsUtf8(string text) =>
        text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 || Shown(text) == text;

    private static string Shown(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new JobsException(JobsFault.BadRequest, otherwise);
        }
    }
}

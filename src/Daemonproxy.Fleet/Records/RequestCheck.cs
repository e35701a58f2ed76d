using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Jobs;
using Daemonproxy.Jobs.Kernel;

namespace Daemonproxy.Fleet.Records;

/// <summary>
/// Checks a request, and makes of it what machines get. Nothing of it is left to a machine to refuse. The rules are
/// those of Daemonproxy.Jobs, with smaller arguments: they are in the memory of Redis.
/// </summary>
internal static class RequestCheck
{
    public const int LongestName = 20;
    private const int LongestWord = 40;
    private const int LongestTagValue = 120;
    private const int MostTags = 16;
    private const int MostBytes = 128 * 1024;

    private static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> _limitCharacters = SearchValues.Create("0123456789KMG:infty");

    /// <summary>True if a text can be a name.</summary>
    public static bool IsName(string text, int longest = LongestWord) =>
        text.Length > 0 && text.Length <= longest && text.AsSpan().IndexOfAnyExcept(_nameCharacters) < 0;

    /// <summary>Reads a request.</summary>
    /// <exception cref="JobsException">It is not valid.</exception>
    public static FleetSpec Read(JobRequest request)
    {
        if (request.Name is { } name)
        {
            Require(IsName(name, LongestName), "The name of a job is 1 to 20 of A-Z a-z 0-9 . _ -.");
            Require(name is not ("." or ".."), "A job cannot be named by dots alone: its name is a part of paths.");
        }

        Require(IsName(request.Queue), "The name of a queue is 1 to 40 of A-Z a-z 0-9 . _ -.");
        CheckTags(request.Tags);
        CheckTimes(request);
        byte[] arguments = Texts.Join(request.Arguments.Prepend(request.Program), "An argument");
        foreach (string key in request.Environment.Keys)
        {
            Require(
                key.Length > 0 && !key.Contains('=', StringComparison.Ordinal),
                "The name of a variable has at least one character, and no equals sign.");
        }

        byte[] environment = Texts.Join(
            request.Environment.Select(static one => one.Value is null ? one.Key : $"{one.Key}={one.Value}"),
            "A variable");
        if (arguments.Length > MostBytes || environment.Length > MostBytes)
        {
            throw new JobsException(
                JobsFault.TooLarge, "Arguments and variables of a job of a fleet have at most 128 KiB each.");
        }

        Require(
            request.Directory is not { } directory || IsDirectory(directory),
            "The directory of a job is an absolute path of up to 1,024 bytes, without TAB and line feed.");
        Require(
            request.Limits.All(IsLimit), "A limit is name=number, or name=soft:hard, as nofile=1024.");
        return new FleetSpec
        {
            Arguments = arguments,
            Environment = environment,
            ClearsEnvironment = request.ClearsEnvironment,
            Directory = request.Directory,
            Limits = [.. request.Limits],
            Tags = new Dictionary<string, string>(request.Tags),
        };
    }

    private static void CheckTags(IReadOnlyDictionary<string, string> tags)
    {
        Require(tags.Count <= MostTags, "A job has at most 16 tags.");
        foreach ((string key, string value) in tags)
        {
            Require(IsName(key), "The key of a tag is 1 to 40 of A-Z a-z 0-9 . _ -.");
            Require(
                key is not ("jobs" or "fleet" or "manager" or "want")
                    && !key.StartsWith("job.", StringComparison.Ordinal),
                $"The key {key} belongs to Daemonproxy.");
            Require(
                value is { Length: > 0 } && Encoding.UTF8.GetByteCount(value) <= LongestTagValue && IsUtf8(value)
                    && !value.Any(char.IsControl),
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

    private static bool IsDirectory(string path) =>
        path.StartsWith('/') && path.AsSpan().IndexOfAny("\0\t\n") < 0 && IsUtf8(path)
        && Encoding.UTF8.GetByteCount(path) <= 1024;

    private static bool IsLimit(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && text.Length <= 60
            && text.AsSpan(0, at).IndexOfAnyExceptInRange('a', 'z') < 0
            && text.Length > at + 1
            && text.AsSpan(at + 1).IndexOfAnyExcept(_limitCharacters) < 0;
    }

    private static bool IsUtf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new JobsException(JobsFault.BadRequest, otherwise);
        }
    }
}

using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Daemonproxy.Jobs.Kernel;

namespace Daemonproxy.Jobs.Running;

// The rules for every request, for jobs and for fleets. Daemonproxy.Fleet is compiled with this file, too: its comments
// are no documentation, as those of Texts.cs are not. A rule that is broken is a JobsException.
internal static class RequestRules
{
    public const int LongestName = 20;
    private const int LongestWord = 40;
    private const int LongestTagValue = 120;
    private const int MostTags = 16;

    private static readonly SearchValues<char> _nameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> _limitCharacters = SearchValues.Create("0123456789KMG:infty");

    // True if a text can be a name.
    public static bool IsName(string text, int longest = LongestWord) =>
        text.Length > 0 && text.Length <= longest && text.AsSpan().IndexOfAnyExcept(_nameCharacters) < 0;

    // A request without a name gets one; a request always has a program.
    public static void CheckNames(JobRequest request)
    {
        if (request.Name is { } name)
        {
            Require(
                IsName(name, LongestName), $"\"{Shown(name)}\" is not a valid job name: 1 to 20 of A-Z a-z 0-9 . _ -.");
            Require(name is not ("." or ".."), "The name of a job cannot be . or .., because it is part of paths.");
        }

        Require(IsName(request.Queue), "The name of a queue is 1 to 40 of A-Z a-z 0-9 . _ -.");
    }

    // The tags. One key is reserved for the package itself.
    public static void CheckTags(JobRequest request, params ReadOnlySpan<string> own)
    {
        Require(request.Tags.Count <= MostTags, "A job has at most 16 tags.");
        foreach ((string key, string value) in request.Tags)
        {
            Require(IsName(key), "The key of a tag is 1 to 40 of A-Z a-z 0-9 . _ -.");
            Require(
                key is not ("manager" or "want") && !own.Contains(key)
                    && !key.StartsWith("job.", StringComparison.Ordinal),
                $"The key {key} belongs to Daemonproxy.");
            Require(
                value is not null && Encoding.UTF8.GetByteCount(value) <= LongestTagValue && IsUtf8(value)
                    && value.Length > 0 && !value.Any(char.IsControl),
                $"The value of the tag {key} is 1 to 120 bytes, without TAB, line feed and other control characters.");
        }
    }

    public static void CheckTimes(JobRequest request)
    {
        TimeSpan day = TimeSpan.FromDays(1);
        Require(
            request.TimeLimit is not { } limit || (limit > TimeSpan.Zero && limit <= 10_000 * day),
            "The time limit of a job must be above zero, and at most 10,000 days.");
        Require(
            request.KeepFor is not { } keep || (keep >= TimeSpan.Zero && keep <= 10_000 * day),
            "A job can be kept for 0 to 10,000 days.");
        Require(request.Retries.Most is >= 0 and <= 1000, "A job can be tried again 0 to 1,000 times.");
        Require(
            request.Retries.FirstDelay >= TimeSpan.Zero && request.Retries.FirstDelay <= day,
            "The delay before the second try must be 0 to 1 day.");
        Require(
            request.Retries.MostDelay >= TimeSpan.Zero && request.Retries.MostDelay <= 30 * day,
            "The longest delay between two tries must be 0 to 30 days.");
    }

    // The changes of the environment, each terminated by NUL.
    public static byte[] Variables(JobRequest request)
    {
        foreach (string key in request.Environment.Keys)
        {
            Require(
                key.Length > 0 && !key.Contains('=', StringComparison.Ordinal),
                "The name of a variable has at least one character, and no equals sign.");
        }

        return Texts.Join(
            request.Environment.Select(static one => one.Value is null ? one.Key : $"{one.Key}={one.Value}"),
            "A variable");
    }

    // The reverse; null for a removed variable.
    public static Dictionary<string, string?> VariablesOf(ReadOnlySpan<byte> variables) =>
        Texts.Split(variables).ToDictionary(
            static change => change.Split('=', 2)[0],
            static change => change.Contains('=', StringComparison.Ordinal) ? change.Split('=', 2)[1] : null);

    public static void CheckDirectory(JobRequest request)
    {
        if (request.Directory is { } directory)
        {
            Require(
                directory.StartsWith('/') && directory.AsSpan().IndexOfAny("\0\t\n") < 0 && IsUtf8(directory)
                    && Encoding.UTF8.GetByteCount(directory) <= 1024,
                "The directory of a job is an absolute path of up to 1,024 bytes, without TAB and line feed.");
        }
    }

    public static void CheckLimits(JobRequest request)
    {
        foreach (string limit in request.Limits)
        {
            Require(
                IsLimit(limit), $"\"{Shown(limit)}\" is not a limit: name=number or name=soft:hard, nofile=1024.");
        }
    }

    public static string Shown(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    public static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new JobsException(JobsFault.BadRequest, otherwise);
        }
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
}

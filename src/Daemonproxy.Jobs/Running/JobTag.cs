using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// The data of a job in the tag <c>job.APPLICATION</c> of its service: enough to restore the job without its record.
/// </summary>
internal sealed record JobTag(string Id, int Attempt)
{
    private const string Version = "1";
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");

    public DateTimeOffset Created { get; init; }

    public TimeSpan? TimeLimit { get; init; }

    public TimeSpan KeepFor { get; init; }

    public string Queue { get; init; } = "default";

    /// <summary>Returns the tag of a service; null if it has none, or one of an unknown version.</summary>
    public static JobTag? Find(IEnumerable<string> tags, string key)
    {
        foreach (string tag in tags)
        {
            if (tag.Length > key.Length && tag[key.Length] == '=' && tag.StartsWith(key, StringComparison.Ordinal))
            {
                return Parse(tag[(key.Length + 1)..]);
            }
        }

        return null;
    }

    public override string ToString() => string.Join(
        ' ',
        Version,
        Id,
        Number(Attempt),
        Number(Created.ToUnixTimeMilliseconds()),
        Number((long)(TimeLimit?.TotalMilliseconds ?? -1)),
        Number((long)KeepFor.TotalMilliseconds),
        Queue);

    private static JobTag? Parse(string text)
    {
        string[] words = text.Split(' ');
        if (words.Length != 7 || words[0] != Version || !IsId(words[1])
            || !TryNumber(words[2], out long attempt) || attempt is < 1 or > int.MaxValue
            || !TryNumber(words[3], out long created) || created is < 0 or > 253402300799999
            || !long.TryParse(words[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit)
            || !TryNumber(words[5], out long keep))
        {
            return null;
        }

        return new JobTag(words[1], (int)attempt)
        {
            Created = DateTimeOffset.FromUnixTimeMilliseconds(created),
            TimeLimit = limit < 0 ? null : TimeSpan.FromMilliseconds(limit),
            KeepFor = TimeSpan.FromMilliseconds(keep),
            Queue = words[6],
        };
    }

    private static bool IsId(string text) =>
        text.Length == 16 && text.AsSpan().IndexOfAnyExcept(_digits) < 0;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}

using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>Which jobs a list has, and how many at once.</summary>
public sealed record JobFilter
{
    /// <summary>The most jobs of one page.</summary>
    public const int MostOnAPage = 1000;

    /// <summary>Those with one of these statuses; none for all.</summary>
    public IReadOnlyCollection<JobStatus> Statuses { get; init; } = [];

    /// <summary>Those of this queue; null for all.</summary>
    public string? Queue { get; init; }

    /// <summary>Those that have all of these tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Those whose name, program or value of a tag has this text in it, whatever the case; null for all.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>
    /// Only those that were started before the one of this sequence: what <see cref="JobPage.Next"/> says.
    /// </summary>
    public long? Before { get; init; }

    /// <summary>How many at most; 1 to 1,000.</summary>
    public int Most { get; init; } = 100;
}

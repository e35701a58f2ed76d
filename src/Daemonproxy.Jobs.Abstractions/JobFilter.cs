using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>Selects the jobs of a list, and the size of a page.</summary>
public sealed record JobFilter
{
    /// <summary>The most jobs of one page.</summary>
    public const int MostOnAPage = 1000;

    /// <summary>Selects jobs with one of these statuses; empty for all.</summary>
    public IReadOnlyCollection<JobStatus> Statuses { get; init; } = [];

    /// <summary>Selects jobs of this queue; null for all.</summary>
    public string? Queue { get; init; }

    /// <summary>Selects jobs that have all of these tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Selects jobs whose name, program or tag value contains this text, ignoring case; null for all.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>
    /// Selects jobs with a lower sequence number than this one: the value of <see cref="JobPage.Next"/>.
    /// </summary>
    public long? Before { get; init; }

    /// <summary>The most jobs of the page; 1 to 1,000.</summary>
    public int Most { get; init; } = 100;
}

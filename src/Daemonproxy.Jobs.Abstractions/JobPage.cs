using System.Collections.Generic;

namespace Daemonproxy.Jobs;

/// <summary>A part of a list of jobs, newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="Next">The value of <see cref="JobFilter.Before"/> for the next page; null at the end.</param>
public sealed record JobPage(IReadOnlyList<JobInfo> Jobs, long? Next);

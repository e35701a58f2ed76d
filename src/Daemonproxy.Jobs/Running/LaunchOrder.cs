using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs.Running;

/// <summary>A try that is recorded, and is to be started.</summary>
/// <param name="Name">The job.</param>
/// <param name="Tag">What the daemon keeps of it.</param>
/// <param name="Tags">The tags of its user.</param>
/// <param name="Spec">What it runs; null if that is to be read.</param>
internal sealed record LaunchOrder(
    string Name, JobTag Tag, IReadOnlyDictionary<string, string> Tags, Records.JobSpec? Spec)
{
    public string Id => Tag.Id;
}

/// <summary>A launch did not work, and nothing was started.</summary>
internal sealed class LaunchException(Planning.LaunchResult result, string reason, Exception? cause = null)
    : Exception(reason, cause)
{
    public Planning.LaunchResult Result { get; } = result;
}

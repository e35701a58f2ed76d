using System;
using System.Collections.Generic;

namespace Daemonproxy.Jobs.Running;

/// <summary>A recorded try that has to be started.</summary>
/// <param name="Name">The job.</param>
/// <param name="Tag">The tag of its service.</param>
/// <param name="Tags">The tags of its user.</param>
/// <param name="Spec">Its program with settings; null if they have to be read.</param>
internal sealed record LaunchOrder(
    string Name, JobTag Tag, IReadOnlyDictionary<string, string> Tags, Records.JobSpec? Spec)
{
    public string Id => Tag.Id;
}

/// <summary>A launch failed before the process was started.</summary>
internal sealed class LaunchException(Planning.LaunchResult result, string reason, Exception? cause = null)
    : Exception(reason, cause)
{
    public Planning.LaunchResult Result { get; } = result;
}

using Daemonproxy.Client;

namespace Daemonproxy.Jobs.Running;

/// <summary>The names of the application's jobs in the daemon.</summary>
/// <param name="prefix">The prefix of the names of its services.</param>
/// <param name="application">The name of the application.</param>
internal sealed class ServiceNames(string prefix, string application)
{
    /// <summary>The tag that names the application of a job's service.</summary>
    public string TagKey { get; } = $"job.{application}";

    /// <summary>The tag of <see cref="Mark"/>.</summary>
    public static string MarkKey => "jobs";

    /// <summary>
    /// A service that never runs. Its tag lasts as long as the daemon's state: a daemon without it has no jobs of this
    /// application.
    /// </summary>
    public string Mark { get; } = prefix + application;

    public string Application => application;

    public string ServiceOf(string job) => prefix + job;

    /// <summary>The job of a service; null if the name does not begin with the prefix.</summary>
    public string? JobOf(ServiceName service) =>
        service.Text is { } text && text.Length > prefix.Length
        && text.StartsWith(prefix, System.StringComparison.Ordinal)
            ? text[prefix.Length..]
            : null;

    // One letter more than the service, of up to 30: no two jobs share a name, and it has at most 31.
    public string InputOf(string job) => $"{prefix}{job}i";

    public string OutputOf(string job) => $"{prefix}{job}o";

    public string ArgumentsOf(string job) => $"{prefix}{job}a";

    public string EnvironmentOf(string job) => $"{prefix}{job}e";

    public string[] DescriptorsOf(string job) =>
        [InputOf(job), OutputOf(job), ArgumentsOf(job), EnvironmentOf(job)];
}

using System.Globalization;

namespace Daemonproxy.Jobs.Running;

/// <summary>The end of a job, in words.</summary>
internal static class EndText
{
    public static string Of(JobInfo job) => job switch
    {
        { Failure: { } failure } => $"could not be started, {failure.Step}: {failure.Error} {failure.Subject}",
        { Signal: { } signal } => $"killed by {signal}",
        { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"exit code {code}"),
        _ => job.Reason ?? "it did not run",
    };
}

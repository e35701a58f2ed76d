using System;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Hosting;
using Daemonproxy.Jobs.Running;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Daemonproxy.Jobs;

/// <summary>Jobs without a host: for a tool, or a test.</summary>
public static class DaemonproxyJobs
{
    /// <summary>
    /// Starts the jobs. The call does not wait for the daemon: jobs that are accepted while the daemon is away wait for
    /// it.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="loggers">The log; null for none.</param>
    /// <param name="meters">The factory of the meter; null for a meter without a factory.</param>
    /// <param name="cancellation">Ends the wait for the directory.</param>
    /// <returns>The jobs. Disposing of them ends the work of this process; jobs keep running.</returns>
    /// <exception cref="JobsException">The options are not valid, or the directory cannot be used.</exception>
    public static async Task<IDisposableJobs> StartAsync(
        JobsOptions options,
        ILoggerFactory? loggers = null,
        IMeterFactory? meters = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (OptionsCheck.ProblemsOf(options).FirstOrDefault() is { } problem)
        {
            throw new JobsException(JobsFault.BadRequest, problem);
        }

        ILogger log = (loggers ?? NullLoggerFactory.Instance).CreateLogger(JobsMetrics.Meter);
        return new StandaloneJobs(
            await JobsEngine.StartAsync(options, log, meters, cancellation).ConfigureAwait(false));
    }
}

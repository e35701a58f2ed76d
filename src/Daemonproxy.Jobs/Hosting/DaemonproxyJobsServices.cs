using System;
using Daemonproxy.Jobs;
using Daemonproxy.Jobs.Hosting;
using Daemonproxy.Jobs.Web;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the background jobs to an application.</summary>
public static class DaemonproxyJobsServices
{
    /// <summary>The name of the health check.</summary>
    public const string HealthCheck = "daemonproxy-jobs";

    /// <summary>
    /// Adds <see cref="IJobs"/>, which begins and ends with the application, and a health check. Options that are not
    /// valid fail the start of the application.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the options; null if they come from the configuration.</param>
    public static IServiceCollection AddDaemonproxyJobs(
        this IServiceCollection services, Action<JobsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<JobsOptions> options = services.AddOptions<JobsOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<JobsOptions>, OptionsCheck>());
        services.AddMetrics();
        services.TryAddSingleton<HostedJobs>();
        services.TryAddSingleton<IJobs>(static provider => provider.GetRequiredService<HostedJobs>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, HostedJobs>(
            static provider => provider.GetRequiredService<HostedJobs>()));
        services.AddDaemonproxyJobsPage();
        services.AddHealthChecks().AddCheck<JobsHealthCheck>(HealthCheck);
        return services;
    }

    /// <summary>
    /// Adds the description of the API that <c>MapDaemonproxyJobs</c> maps, for an application whose
    /// <see cref="IJobs"/> is that of a fleet. <see cref="AddDaemonproxyJobs"/> does this, too.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    public static IServiceCollection AddDaemonproxyJobsPage(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        JobsDescription.Add(services);
        return services;
    }
}

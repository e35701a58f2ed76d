using System;
using Daemonproxy.Fleet;
using Daemonproxy.Jobs;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the jobs of a fleet to an application.</summary>
public static class DaemonproxyFleetServices
{
    /// <summary>
    /// Adds <see cref="IFleet"/>, which is also the <see cref="IJobs"/> of the application. Options that are not valid
    /// fail the first use.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the options; null if they come from the configuration.</param>
    public static IServiceCollection AddDaemonproxyFleet(
        this IServiceCollection services, Action<FleetOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(
            static provider => new FleetClient(provider.GetRequiredService<IOptions<FleetOptions>>().Value));
        services.TryAddSingleton<IFleet>(static provider => provider.GetRequiredService<FleetClient>());
        services.TryAddSingleton<IJobs>(static provider => provider.GetRequiredService<FleetClient>());
        return services;
    }
}

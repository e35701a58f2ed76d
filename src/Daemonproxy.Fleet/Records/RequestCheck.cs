using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Jobs;
using Daemonproxy.Jobs.Kernel;
using static Daemonproxy.Jobs.Running.RequestRules;

namespace Daemonproxy.Fleet.Records;

/// <summary>
/// Checks a request, and converts it to its record. A request that passes is never refused by a machine. The rules are
/// those of Daemonproxy.Jobs, with smaller arguments: they are in the memory of Redis.
/// </summary>
internal static class RequestCheck
{
    private const int MostBytes = 128 * 1024;

    /// <summary>Reads a request.</summary>
    /// <exception cref="JobsException">It is not valid.</exception>
    public static FleetSpec Read(JobRequest request)
    {
        CheckNames(request);
        CheckTags(request, "jobs", "fleet");
        CheckTimes(request);
        byte[] arguments = Texts.Join(request.Arguments.Prepend(request.Program), "An argument");
        byte[] environment = Variables(request);
        if (arguments.Length > MostBytes || environment.Length > MostBytes)
        {
            throw new JobsException(
                JobsFault.TooLarge, "Arguments and variables of a job of a fleet have at most 128 KiB each.");
        }

        CheckDirectory(request);
        CheckLimits(request);
        return new FleetSpec
        {
            Arguments = arguments,
            Environment = environment,
            ClearsEnvironment = request.ClearsEnvironment,
            Directory = request.Directory,
            Limits = [.. request.Limits],
            Tags = new Dictionary<string, string>(request.Tags),
        };
    }
}

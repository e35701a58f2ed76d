using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Planning;
using Daemonproxy.Jobs.Records;
using static Daemonproxy.Jobs.Running.RequestRules;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// Checks a request, and converts it to its record. A request that passes is never refused by the daemon.
/// </summary>
internal sealed class RequestReader(JobsOptions options, string application)
{
    // MAX_ARG_STRLEN of execve(2), its NUL included.
    private const int LongestArgument = 128 * 1024;

    // Two thirds of the limit of Linux, 6 MiB: the rest is for the environment and for the pointers.
    private const int MostArguments = 4 * 1024 * 1024;

    /// <summary>Reads a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="created">The time of the request.</param>
    /// <exception cref="JobsException">It is not valid.</exception>
    public NewJob Read(JobRequest request, DateTimeOffset created)
    {
        CheckNames(request);
        string name = request.Name ?? RandomNumberGenerator.GetHexString(12, lowercase: true);
        Require(name != application, $"\"{name}\" is the name of the application; a job needs another one.");
        CheckTags(request, "jobs");
        CheckTimes(request);
        var terms = new JobTerms(RandomNumberGenerator.GetHexString(16, lowercase: true), name, 0, request.Queue)
        {
            Created = DateTimeOffset.FromUnixTimeMilliseconds(created.ToUnixTimeMilliseconds()),
            TimeLimit = request.TimeLimit,
            Retries = request.Retries,
            KeepFor = request.KeepFor ?? options.KeepFor,
            Program = Shown(request.Program),
            Tags = new Dictionary<string, string>(request.Tags),
        };
        JobSpec spec = SpecOf(request);
        return new NewJob(new Job(terms) { Spec = spec.IsSmall ? spec : null }, spec);
    }

    /// <summary>The request again.</summary>
    public static JobRequest RequestOf(
        JobInfo job, JobSpec spec, TimeSpan keepFor, JobRetries retries, Stream? input)
    {
        List<string> arguments = Texts.Split(spec.Arguments);
        return new JobRequest(arguments[0], arguments.Skip(1))
        {
            Tags = job.Tags,
            Environment = VariablesOf(spec.Environment),
            ClearsEnvironment = spec.ClearsEnvironment,
            Directory = spec.Directory,
            Queue = job.Queue,
            TimeLimit = job.TimeLimit,
            Retries = retries,
            KeepFor = keepFor,
            Input = input,
            Limits = spec.Limits.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        };
    }

    private static JobSpec SpecOf(JobRequest request)
    {
        byte[] arguments = Texts.Join(request.Arguments.Prepend(request.Program), "An argument");
        CheckArguments(arguments);
        byte[] environment = Variables(request);
        if (environment.Length > JobStarter.MostFromDescriptor)
        {
            throw new JobsException(JobsFault.TooLarge, "The variables of a job have at most 128 KiB.");
        }

        CheckDirectory(request);
        CheckLimits(request);
        return new JobSpec(
            Shown(request.Program), arguments, environment, request.ClearsEnvironment, request.Directory,
            string.Join(' ', request.Limits), request.Input is not null);
    }

    private static void CheckArguments(byte[] arguments)
    {
        ReadOnlySpan<byte> rest = arguments;
        while (!rest.IsEmpty)
        {
            int length = rest.IndexOf((byte)0) + 1;
            if (length > LongestArgument)
            {
                throw new JobsException(
                    JobsFault.TooLarge, "An argument has at most 131,071 bytes, the limit of execve(2).");
            }

            rest = rest[length..];
        }

        if (arguments.Length > MostArguments)
        {
            throw new JobsException(JobsFault.TooLarge, "The arguments of a job have at most 4 MiB.");
        }

        if (arguments.Length > JobStarter.MostFromDescriptor && !BashBridge.Exists)
        {
            throw new JobsException(
                JobsFault.TooLarge, "Arguments of more than 128 KiB need bash, which is not installed.");
        }
    }
}

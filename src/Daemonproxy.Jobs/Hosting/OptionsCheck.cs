using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Daemonproxy.Jobs.Running;
using Microsoft.Extensions.Options;

namespace Daemonproxy.Jobs.Hosting;

/// <summary>Checks options at the start of the application, and reports all mistakes.</summary>
internal sealed class OptionsCheck : IValidateOptions<JobsOptions>
{
    private const int LongestPrefix = 10;
    private const int LongestSocket = 107;
    private const int MostJobs = 60_000;

    /// <summary>The name of the application: the configured one, or that of the program.</summary>
    public static string ApplicationOf(JobsOptions options)
    {
        if (options.Application.Length > 0)
        {
            return options.Application;
        }

        string program = Assembly.GetEntryAssembly()?.GetName().Name ?? "application";
        var name = new StringBuilder();
        foreach (char letter in program.Take(RequestRules.LongestName))
        {
            name.Append(RequestRules.IsName($"{letter}", 1) ? letter : '-');
        }

        return name.ToString();
    }

    public ValidateOptionsResult Validate(string? name, JobsOptions options)
    {
        List<string> problems = [.. ProblemsOf(options)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    /// <summary>All mistakes of the options.</summary>
    public static IEnumerable<string> ProblemsOf(JobsOptions options)
    {
        TimeSpan day = TimeSpan.FromDays(1);
        (bool IsWrong, string Text)[] rules =
        [
            (Encoding.UTF8.GetByteCount(options.Socket) is 0 or > LongestSocket,
                "Socket is the path of a control socket, 1 to 107 bytes."),
            (options.Prefix.Length > 0 && !RequestRules.IsName(options.Prefix, LongestPrefix),
                "Prefix has up to 10 of A-Z a-z 0-9 . _ -."),
            (options.Application.Length > 0 && !RequestRules.IsName(options.Application, RequestRules.LongestName),
                "Application has 1 to 20 of A-Z a-z 0-9 . _ -."),
            (!Path.IsPathFullyQualified(options.Directory),
                "Directory is the absolute path of the directory of records and outputs."),
            (options.MostInAQueue is < 1 or > MostJobs, "MostInAQueue is 1 to 60,000."),
            (options.MostAtOnce is < 1 or > MostJobs, "MostAtOnce is 1 to 60,000."),
            (options.MostQueued is < 1 or > 10_000_000, "MostQueued is 1 to 10,000,000."),
            (options.KeepFor < TimeSpan.Zero || options.KeepFor > 10_000 * day, "KeepFor is 0 to 10,000 days."),
            (options.StopGrace < TimeSpan.Zero || options.StopGrace > day, "StopGrace is 0 to 1 day."),
            (options.DirectoryWait < TimeSpan.Zero || options.DirectoryWait > TimeSpan.FromHours(1),
                "DirectoryWait is 0 to 1 hour."),
        ];
        IEnumerable<string> queues = options.Queues
            .Where(static queue => !RequestRules.IsName(queue.Key) || queue.Value is < 1 or > MostJobs)
            .Select(static queue =>
                $"Queues[{queue.Key}] is 1 to 60,000, and its name 1 to 40 of A-Z a-z 0-9 . _ -.");
        return rules.Where(static rule => rule.IsWrong).Select(static rule => rule.Text).Concat(queues);
    }
}

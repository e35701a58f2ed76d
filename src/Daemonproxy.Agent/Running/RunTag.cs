using System;
using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Agent.Planning;

namespace Daemonproxy.Agent.Running;

/// <summary>
/// The data of a run in the tag <c>fleet</c> of its service: enough to find it again after the agent was killed, to
/// report it, and to restore its record in a Redis that has lost its data.
/// </summary>
internal static class RunTag
{
    public const string Key = "fleet";

    private const string Version = "1";

    public static string Write(string agent, RunTerms terms) => string.Join(
        ' ',
        Version,
        agent,
        terms.Id,
        terms.Fence.ToString(CultureInfo.InvariantCulture),
        (terms.Limit ?? -1).ToString(CultureInfo.InvariantCulture),
        terms.Fleet.Length > 0 ? terms.Fleet : "-",
        terms.Queue);

    /// <summary>Reads the tag of a service; null if the service is not one of this agent.</summary>
    public static RunTerms? Find(IEnumerable<string> tags, string agent, string name, string program)
    {
        foreach (string tag in tags)
        {
            if (tag.StartsWith($"{Key}=", StringComparison.Ordinal))
            {
                return Read(tag[(Key.Length + 1)..].Split(' '), agent, name, program);
            }
        }

        return null;
    }

    private static RunTerms? Read(string[] words, string agent, string name, string program) =>
        words.Length == 7 && words[0] == Version && words[1] == agent
        && long.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out long fence)
        && long.TryParse(words[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long limit)
            ? new RunTerms(name, words[2], fence)
            {
                Limit = limit < 0 ? null : limit,
                Fleet = words[5],
                Queue = words[6],
                Program = program,
            }
            : null;
}

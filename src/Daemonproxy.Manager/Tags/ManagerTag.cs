using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Tags;

/// <summary>
/// The manager's data of a service, which status programs read, too: the tag <c>manager=</c>. The next manager
/// continues with these data after a kill.
/// </summary>
public sealed record ManagerTag
{
    /// <summary>The key of the tag.</summary>
    public const string Key = "manager";

    /// <summary>
    /// The value of <see cref="Run"/> for a service that runs with settings that are not the manager's.
    /// </summary>
    public const string Foreign = "foreign";

    /// <summary>The value of <see cref="Reload"/> for a service with a command for that.</summary>
    public const string ReloadsByCommand = "command";

    /// <summary>True if it should run: by its file, or by the last request.</summary>
    public bool IsWanted { get; init; }

    /// <summary>The hash of the definition of its last start; empty before its first start.</summary>
    public string Run { get; init; } = "";

    /// <summary>The number of unexpected ends since its last long run.</summary>
    public long Tries { get; init; }

    /// <summary>The time of the first of these ends; null if there is none.</summary>
    public Instant? TryingSince { get; init; }

    /// <summary>The time of its next start; null if that does not depend on time.</summary>
    public Instant? Next { get; init; }

    /// <summary>True if it is not started again, after too many tries.</summary>
    public bool HasGivenUp { get; init; }

    /// <summary>The number of restarts by the manager.</summary>
    public long Restarts { get; init; }

    /// <summary>The number of the last request that was carried out; see <see cref="Wish"/>.</summary>
    public long Done { get; init; }

    /// <summary>The reason why the manager is stopping it or keeps it down; empty if it does neither.</summary>
    public string Stopping { get; init; } = "";

    /// <summary>The last processed end, <c>PID.SINCE</c>; empty for none.</summary>
    public string Ended { get; init; } = "";

    /// <summary>
    /// The end of its last run, which the daemon forgets at the next start: <c>EXIT-CODE,RAN,AT</c> or
    /// <c>SIGNAL,RAN,AT</c>, such as <c>7,1,86400</c> or <c>SIGKILL,3,86400</c>, in seconds and as an <see
    /// cref="Instant"/>; empty if it has not ended yet.
    /// </summary>
    public string LastEnd { get; init; } = "";

    /// <summary>
    /// The file of its output, also if a logger writes it; empty if unknown.
    /// </summary>
    public string LogFile { get; init; } = "";

    /// <summary>The services that it needs, joined by commas; empty for none.</summary>
    public string Needs { get; init; } = "";

    /// <summary>
    /// Its restart policy: <c>WHEN,FIRST,MOST,GIVE-UP</c>, with the times in seconds and 0 for never giving up.
    /// </summary>
    public string Restart { get; init; } = "";

    /// <summary>The time limit in seconds to become ready; 0 for none.</summary>
    public long ReadyWithin { get; init; }

    /// <summary>
    /// The process that a check has found ready; null for none, or if the daemon itself receives the report.
    /// </summary>
    public int? CheckedPid { get; init; }

    /// <summary>True if a check determines readiness.</summary>
    public bool IsChecked { get; init; }

    /// <summary>The current command before its start or after its end; empty if there is none.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The way of its stop, as <see cref="StopWay"/> writes it; empty for the usual way.</summary>
    public string Stop { get; init; } = "";

    /// <summary>
    /// The way to have it read its configuration again: a signal, or <see cref="ReloadsByCommand"/> if the service
    /// <c>NAME.reload</c> does it; empty if that is not known.
    /// </summary>
    public string Reload { get; init; } = "";

    /// <summary>The descriptors that were made for it, joined by commas; empty for none.</summary>
    public string Fds { get; init; } = "";

    /// <summary>The service for which this one runs a helper command; empty for a service of the file.</summary>
    public string Of { get; init; } = "";

    /// <summary>
    /// The last end of a service, in the form of <see cref="Ended"/>; empty if its last run has not ended.
    /// </summary>
    /// <param name="service">The service; null for none.</param>
    public static string EndOf(ServiceInfo? service) =>
        service is { Phase: ServicePhase.Exited or ServicePhase.Killed }
            ? string.Create(CultureInfo.InvariantCulture, $"{service.Pid}.{service.Since?.Value}")
            : "";

    /// <summary>The tag of a service; null if it has none.</summary>
    /// <param name="tags">The tags of the service.</param>
    public static ManagerTag? Find(IEnumerable<string> tags)
    {
        if (TagWords.Find(tags, Key) is not { } text)
        {
            return null;
        }

        var tag = new ManagerTag();
        foreach ((string key, string value) in TagWords.Split(text))
        {
            tag = key switch
            {
                "up" => tag with { IsWanted = true },
                "run" => tag with { Run = value },
                "tries" => tag with { Tries = TagWords.Number(value) },
                "trying" => tag with { TryingSince = new Instant(TagWords.Number(value)) },
                "stop" => tag with { Stop = value },
                "reload" => tag with { Reload = value },
                "fds" => tag with { Fds = value },
                "of" => tag with { Of = value },
                "next" => tag with { Next = new Instant(TagWords.Number(value)) },
                "given-up" => tag with { HasGivenUp = true },
                "restarts" => tag with { Restarts = TagWords.Number(value) },
                "done" => tag with { Done = TagWords.Number(value) },
                "stopping" => tag with { Stopping = value },
                "ended" => tag with { Ended = value },
                "last" => tag with { LastEnd = value },
                "log" => tag with { LogFile = value },
                "needs" => tag with { Needs = value },
                "restart" => tag with { Restart = value },
                "within" => tag with { ReadyWithin = TagWords.Number(value) },
                "check" => tag with { IsChecked = true },
                "checked" => tag with { CheckedPid = (int)TagWords.Number(value) },
                "phase" => tag with { Phase = value },
                _ => tag,
            };
        }

        return tag;
    }

    /// <summary>The value of the tag.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(IsWanted ? "up" : "down");
        TagWords.Append(text, "run", Run);
        TagWords.Append(text, "tries", Tries);
        TagWords.Append(text, "trying", TryingSince?.Value ?? 0);
        TagWords.Append(text, "next", Next?.Value ?? 0);
        TagWords.AppendFlag(text, "given-up", HasGivenUp);
        TagWords.Append(text, "restarts", Restarts);
        TagWords.Append(text, "done", Done);
        TagWords.Append(text, "stopping", Stopping);
        TagWords.Append(text, "ended", Ended);
        TagWords.Append(text, "last", LastEnd);
        TagWords.Append(text, "log", LogFile);
        TagWords.Append(text, "needs", Needs);
        TagWords.Append(text, "restart", Restart);
        TagWords.Append(text, "within", ReadyWithin);
        TagWords.AppendFlag(text, "check", IsChecked);
        TagWords.Append(text, "checked", CheckedPid ?? 0);
        TagWords.Append(text, "phase", Phase);
        TagWords.Append(text, "stop", Stop);
        TagWords.Append(text, "reload", Reload);
        TagWords.Append(text, "fds", Fds);
        TagWords.Append(text, "of", Of);
        return text.ToString();
    }
}

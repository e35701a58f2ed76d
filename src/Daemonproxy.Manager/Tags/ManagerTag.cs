using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Tags;

/// <summary>
/// What the manager remembers of a service, and whoever shows the service reads: the tag <c>manager=</c>. A manager
/// that was killed finds here what it must know.
/// </summary>
public sealed record ManagerTag
{
    /// <summary>The key of the tag.</summary>
    public const string Key = "manager";

    /// <summary>What <see cref="Run"/> is for a service that runs with settings that are not the manager's.</summary>
    public const string Foreign = "foreign";

    /// <summary>What <see cref="Reload"/> is for a service with a command for that.</summary>
    public const string ReloadsByCommand = "command";

    /// <summary>Whether it should run: by its file, or by the last wish.</summary>
    public bool IsWanted { get; init; }

    /// <summary>What it was started with last: a hash of its definition; empty before its first start.</summary>
    public string Run { get; init; } = "";

    /// <summary>The ends since it last ran long enough that nobody asked for.</summary>
    public long Tries { get; init; }

    /// <summary>When the first of these ends was; null if there is none.</summary>
    public Instant? TryingSince { get; init; }

    /// <summary>When it is to be started again; null if that is not a matter of time.</summary>
    public Instant? Next { get; init; }

    /// <summary>Whether it is not started again, after too many tries.</summary>
    public bool HasGivenUp { get; init; }

    /// <summary>How often it was started again by the manager.</summary>
    public long Restarts { get; init; }

    /// <summary>The number of the last wish that was carried out; see <see cref="Wish"/>.</summary>
    public long Done { get; init; }

    /// <summary>Why the manager is stopping it or keeps it down; empty if it does neither.</summary>
    public string Stopping { get; init; } = "";

    /// <summary>The last end that was looked at, <c>PID.SINCE</c>; empty for none.</summary>
    public string Ended { get; init; } = "";

    /// <summary>
    /// How its last run ended, which the daemon forgets at the next start: <c>EXIT-CODE,RAN,AT</c> or
    /// <c>SIGNAL,RAN,AT</c>, such as <c>7,1,86400</c> or <c>SIGKILL,3,86400</c>, in seconds and as an <see
    /// cref="Instant"/>; empty if it has not ended yet.
    /// </summary>
    public string LastEnd { get; init; } = "";

    /// <summary>
    /// The file that its output goes to, also if a logger writes it; empty if that is not known.
    /// </summary>
    public string LogFile { get; init; } = "";

    /// <summary>The services that it needs, joined by commas; empty for none.</summary>
    public string Needs { get; init; } = "";

    /// <summary>
    /// How it is started again: <c>WHEN,FIRST,MOST,GIVE-UP</c>, with the times in seconds and 0 for never giving up.
    /// </summary>
    public string Restart { get; init; } = "";

    /// <summary>How many seconds it may take to become ready; 0 for any number.</summary>
    public long ReadyWithin { get; init; }

    /// <summary>
    /// The process that a check has found to be ready; null for none, or if the daemon itself hears when it is ready.
    /// </summary>
    public int? CheckedPid { get; init; }

    /// <summary>Whether a check decides when it is ready.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Where it stands between its commands before and after; empty if it is in none of them.</summary>
    public string Phase { get; init; } = "";

    /// <summary>How it is stopped, as <see cref="StopWay"/> writes it; empty for the usual way.</summary>
    public string Stop { get; init; } = "";

    /// <summary>
    /// How it reads its own configuration again: a signal, or <see cref="ReloadsByCommand"/> if the service
    /// <c>NAME.reload</c> does it; empty if that is not known.
    /// </summary>
    public string Reload { get; init; } = "";

    /// <summary>The descriptors that were made for it, joined by commas; empty for none.</summary>
    public string Fds { get; init; } = "";

    /// <summary>The service that this one runs a command for; empty if it is one of the file itself.</summary>
    public string Of { get; init; } = "";

    /// <summary>The last end of a service as <see cref="Ended"/> has it; empty if its last run has not ended.</summary>
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

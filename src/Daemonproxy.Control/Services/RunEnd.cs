using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Services;

/// <summary>How the last run of a service ended, or why there was none.</summary>
/// <param name="At">When.</param>
/// <param name="Ran">How long it had run; null if it did not run.</param>
internal sealed record RunEnd(Instant? At, Seconds? Ran)
{
    /// <summary>The code that it exited with.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public Signal? Signal { get; init; }

    /// <summary>Why it could not be started.</summary>
    public ServiceFailedEvent? Failure { get; init; }

    /// <summary>Whether it ended by itself, and with 0.</summary>
    public bool IsGood => ExitCode == 0;

    /// <summary>The end, in a few words: <c>exit 1 after 3 s</c>.</summary>
    public string Text => Failure is { } failure
        ? $"{(failure.Step == StartStep.Execute ? "not executed:" : $"not started: {Step}")} {failure.Reason}"
        : $"{Cause} {DurationText.After(Ran?.Value ?? 0)}";

    /// <summary>The end without its time: <c>exit 1</c>.</summary>
    public string Cause => ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"exit {code}")
        : Signal?.Text ?? "ended";

    /// <summary>The end as a sentence has it: <c>not executed: /opt/report: No such file or directory</c>.</summary>
    public string LongText => Failure is null ? Text
        : $"{(Failure.Step == StartStep.Execute ? "not executed" : "not started")}: {FailureText}";

    /// <summary>What failed, and why: <c>/opt/report: No such file or directory</c>.</summary>
    public string FailureText
    {
        get
        {
            string what = Failure!.Step == StartStep.Execute ? "" : $"{Step}: ";
            string text = Failure.Text.Length > 0 && Failure.Text != "-" ? $"{VisibleText.Of(Failure.Text)}: " : "";
            return what + text + ErrnoText.Of(Failure.Reason);
        }
    }

    private string Step => StepWords.Of(Failure!.Step);

    /// <summary>
    /// The last end of a service; null if nobody knows of one. Of one that was started again only the manager knows.
    /// </summary>
    public static RunEnd? Of(ServiceInfo service, ManagerTag? tag)
    {
        if (service.Failure is { } failure)
        {
            return new RunEnd(failure.When, null) { Failure = failure };
        }

        return service.Phase switch
        {
            ServicePhase.Exited => new RunEnd(service.Since, service.Ran) { ExitCode = service.ExitCode },
            ServicePhase.Killed => new RunEnd(service.Since, service.Ran) { Signal = service.KilledBy },
            _ => OfTag(tag),
        };
    }

    // CODE,RAN,AT or SIGNAL,RAN,AT.
    private static RunEnd? OfTag(ManagerTag? tag)
    {
        if (tag?.LastEnd.Split(',') is not [string how, string ran, string at]
            || !long.TryParse(ran, CultureInfo.InvariantCulture, out long seconds)
            || !long.TryParse(at, CultureInfo.InvariantCulture, out long instant))
        {
            return null;
        }

        var end = new RunEnd(new Instant(instant), new Seconds(seconds));
        return int.TryParse(how, CultureInfo.InvariantCulture, out int code)
            ? end with { ExitCode = code }
            : how.StartsWith("SIG", System.StringComparison.Ordinal)
                ? end with { Signal = Client.Signal.Named(how) }
                : null;
    }
}

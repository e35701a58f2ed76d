using System.Globalization;
using Daemonproxy.Client;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Services;

/// <summary>The end of the last run of a service, or the failure of its start.</summary>
/// <param name="At">When.</param>
/// <param name="Ran">The length of the run; null if it did not run.</param>
internal sealed record RunEnd(Instant? At, Seconds? Ran)
{
    /// <summary>The exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public Signal? Signal { get; init; }

    /// <summary>The reason of a failed start.</summary>
    public ServiceFailedEvent? Failure { get; init; }

    /// <summary>True if it exited with 0.</summary>
    public bool IsGood => ExitCode == 0;

    /// <summary>The end, in a few words: <c>exit 1 after 3 s</c>.</summary>
    public string Text => Failure is { } failure
        ? $"{(failure.Step == StartStep.Execute ? "not executed:" : $"not started: {Step}")} {failure.Reason}"
        : $"{Cause} {DurationText.After(Ran?.Value ?? 0)}";

    /// <summary>The end without its time: <c>exit 1</c>.</summary>
    public string Cause => ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"exit {code}")
        : Signal?.Text ?? "ended";

    /// <summary>The end for use in a sentence: <c>not executed: /opt/report: No such file or directory</c>.</summary>
    public string LongText => Failure is null ? Text
        : $"{(Failure.Step == StartStep.Execute ? "not executed" : "not started")}: {FailureText}";

    /// <summary>The object of the failure, and the reason: <c>/opt/report: No such file or directory</c>.</summary>
    public string FailureText
    {
        get
        {
            string what = Failure!.Step == StartStep.Execute ? "" : $"{Step}: ";
            string text = Failure.Text.Length > 0 && Failure.Text != "-" ? $"{VisibleText.Of(Failure.Text)}: " : "";
            return what + text + ErrnoText.Of(Failure.Reason);
        }
    }

    private string Step => Failure!.Step.Word();

    /// <summary>
    /// The last end of a service; null if unknown. After a restart only the manager has it.
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

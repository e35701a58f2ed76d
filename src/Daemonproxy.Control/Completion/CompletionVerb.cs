using System;
using System.Collections.Generic;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;
using Daemonproxy.Import;

namespace Daemonproxy.Control.Completion;

/// <summary>
/// <c>completion</c>: scripts that contain the verbs and options, so that only names have to be queried; and these
/// names.
/// </summary>
internal static class CompletionVerb
{
    /// <summary>The shells that there are scripts for.</summary>
    public static string[] Shells { get; } = ["bash", "zsh", "fish"];

    private static readonly TimeSpan _limit = TimeSpan.FromMilliseconds(300);

    public static int Run(VerbCall call)
    {
        call.Out.Write(call.Words[0] switch
        {
            "bash" => BashScript.Text,
            "zsh" => ZshScript.Text,
            "fish" => FishScript.Text,
            string other => throw Problem.Usage(
                $"there is no completion for '{VisibleText.Of(other)}': bash, zsh or fish"),
        });
        return ExitCode.Done;
    }

    /// <summary>Prints names with their states; prints nothing if no daemon answers soon.</summary>
    public static int Names(VerbCall call)
    {
        try
        {
            (string _, DaemonReading reading) = SocketFinder.Read(call, _limit);
            string which = call.Words.Count > 0 ? call.Words[0] : "";
            List<ServiceView> services = ServiceView.All(reading.State, Instant.Now);
            foreach (ServiceView service in services)
            {
                bool isUp = service.Pid is not null;
                if (which.Length == 0 || (which == "up") == isUp)
                {
                    call.Out.WriteLine($"{service.Name}\t{service.Word}");
                }
            }
        }
        catch (Problem)
        {
            // A completion must not print errors.
        }

        return ExitCode.Done;
    }

    /// <summary>The query for the names after a verb; null if it takes none.</summary>
    public static string? NamesOf(Verb verb) => verb.Words switch
    {
        VerbWords.Services => "",
        VerbWords.ServicesUp => "up",
        VerbWords.ServicesNotUp => "down",
        _ => null,
    };

    /// <summary>The words that a verb takes; empty if they are not fixed.</summary>
    public static string[] WordsOf(Verb verb) => verb.Words switch
    {
        VerbWords.Shells => Shells,
        VerbWords.Levels => DaemonVerbs.Levels,
        VerbWords.ImportKindsThenFiles => ImportKinds.Words,
        _ => [],
    };
}

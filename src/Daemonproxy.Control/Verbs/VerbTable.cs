using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary>All verbs, in the order in which they are shown.</summary>
internal static partial class VerbTable
{
    /// <summary>The options of every verb.</summary>
    public static VerbOption[] Everywhere => field ??=
    [
        new("--socket", "the daemon's control socket") { Short = "-S", Value = "SOCKET", IsFile = true },
        new("--color", "when words are coloured (auto)") { Value = "WHEN", Words = ColourChoice.Words },
        new("--help", "this help") { Short = "-h" },
        new("--version", "the version of dpctl"),
    ];

    /// <summary>The verbs. They are made lazily: a call needs one of them.</summary>
    public static Verb[] All => field ??= [.. InOrder()];

    /// <summary>The default verb.</summary>
    public static Verb Usual => InOrder().First();

    /// <summary>The version of dpctl.</summary>
    public static string Version =>
        typeof(VerbTable).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>The list of the help of dpctl: usage and purpose of verbs.</summary>
    public static (string Usage, string Text)[] Overview =>
    [
        ("status [NAME...]", "what runs, since when, and what is wrong"),
        ("start|stop|restart NAME...", "and wait until it is so"),
        ("signal NAME SIGNAL", "to its process, or its whole tree"),
        ("wait NAME", "until it is up, ready, down or gone"),
        ("tail [-f] NAME...", "its output"),
        ("events [NAME...]", "what happens, as it happens"),
        ("top", "live view"),
        ("run -- PROGRAM...", "something once"),
        ("check FILE...", "find mistakes before the daemon does"),
        ("import KIND PATH", "from runit, s6, supervisord, systemd, ..."),
        ("manage FILE, reload", "keep services as a file says"),
        ("shutdown, upgrade, log", "the daemon itself"),
        ("agent, fleet status", "jobs over many machines"),
        ("completion bash|zsh|fish", ""),
    ];

    /// <summary>The verb of a word.</summary>
    /// <exception cref="Problem">There is none.</exception>
    public static Verb Find(string word)
    {
        foreach (Verb verb in InOrder())
        {
            if (verb.Name == word || verb.Alias == word)
            {
                return verb;
            }
        }

        throw Problem.Usage($"unknown verb '{VisibleText.Of(word)}'"
            + Suggestion.For(word, All.Where(verb => !verb.IsHidden).Select(verb => verb.Name)));
    }

    private static IEnumerable<Verb> InOrder() =>
        Showing().Concat(Steering()).Concat(Signalling()).Concat(Watching()).Concat(OfDaemon()).Concat(Helping());

    private static IEnumerable<Verb> Showing()
    {
        yield return new Verb("status", "what runs, since when, and what is wrong")
        {
            Arguments = "[NAME...]",
            Words = VerbWords.Services,
            Options =
            [
                new("--problems", "only the services that are not well") { Short = "-p" },
                new("--json", "one JSON object with all fields"),
                new("--env", "the values of environments, too, not their names alone"),
                new("--table", "a line also where one service is named"),
                new("--wide", "all columns, however narrow the terminal is") { Short = "-w" },
            ],
            Details = "One NAME that is no pattern gives a page: settings, the end of its output, and what the daemon "
                + "has logged about it. dpctl without a verb is dpctl status.",
            Example = "dpctl status 'web*'",
            ExitCodes = "0 all is well; 3 not all is well, or a service that was named is not up, ready or done; "
                + "4 no such service.",
            Run = StatusVerb.Run,
        };
    }
}

using System.Collections.Generic;

namespace Daemonproxy.Control.Verbs;

/// <summary>The verbs that change something.</summary>
internal static partial class VerbTable
{
    private const string Number = "SECONDS";

    private static VerbOption NoWait => new("--no-wait", "return without waiting");

    private static VerbOption Guard =>
        new("--guard", "the code of the guard against an accidental end") { Value = "N" };

    private static IEnumerable<Verb> Steering()
    {
        yield return new Verb("start", "start services, and wait until they are up")
        {
            Arguments = "NAME...",
            Least = 1,
            Words = VerbWords.ServicesNotUp,
            Options =
            [
                NoWait,
                new("--timeout", "how long to wait (30 s)") { Value = Number },
                new("--wait", "wait (the default)"),
            ],
            Details = "A service that tells when it is ready is waited for until then, any other one until it has been "
                + "up for a second. ^C ends the waiting, not the service.",
            Example = "dpctl start web db",
            ExitCodes = "1 one did not start; 4 no such service, and nothing was done; 124 one takes longer; 130 ^C.",
            Run = StartVerb.Start,
        };
        yield return new Verb("stop", "stop services, and wait until nothing of them is left")
        {
            Arguments = "NAME...",
            Least = 1,
            Words = VerbWords.ServicesUp,
            Options =
            [
                NoWait,
                new("--timeout", "how long to wait (until SIGKILL, and 5 s)") { Value = Number },
                new("--wait", "wait (the default)"),
            ],
            Details = "The service gets SIGTERM, or the signal of the manager's file, and SIGKILL later. It stays down "
                + "until it is started again.",
            Example = "dpctl stop 'web*'",
            ExitCodes = "1 something is left; 4 no such service, and nothing was done; 124 one takes longer; 130 ^C.",
            Run = StartVerb.Stop,
        };
        yield return new Verb("restart", "stop services and start them again")
        {
            Arguments = "NAME...",
            Least = 1,
            Words = VerbWords.Services,
            Options =
            [
                NoWait,
                new("--timeout", "how long to wait for each (as stop and start)") { Value = Number },
                new("--wait", "wait (the default)"),
            ],
            Example = "dpctl restart web",
            ExitCodes = "1 one did not start; 4 no such service, and nothing was done; 124 one takes longer; 130 ^C.",
            Run = StartVerb.Restart,
        };
    }

    private static IEnumerable<Verb> Signalling()
    {
        yield return new Verb("signal", "send a signal to the process of a service")
        {
            Arguments = "NAME SIGNAL",
            Least = 2,
            Most = 2,
            Words = VerbWords.ServicesUp,
            Options = [new("--tree", "to its whole tree, where it has one of its own")],
            Example = "dpctl signal web HUP",
            ExitCodes = "1 it does not run; 4 no such service.",
            Run = SignalVerb.Run,
        };
        yield return new Verb("wait", "wait until a service is up, ready, down or gone")
        {
            Arguments = "NAME",
            Least = 1,
            Most = 1,
            Words = VerbWords.Services,
            Options =
            [
                new("--for", "what to wait for (ready)")
                {
                    Value = "STATE",
                    Words = WaitVerb.Words,
                },
                new("--timeout", "how long to wait (without end)") { Value = Number },
            ],
            Details = "STATE is up, ready, down or gone. A service that does not tell when it is ready is ready when "
                + "it is up.",
            Example = "dpctl wait web --for down",
            ExitCodes = "1 the service has failed, and no start follows; 124 the time is over; with --for down the "
                + "service's own, 128 + N if signal N ended it, and 125 for errors of dpctl.",
            Run = WaitVerb.Run,
        };
    }

    private static IEnumerable<Verb> OfDaemon()
    {
        yield return new Verb("manage", "keep services as a file says")
        {
            Arguments = "FILE",
            Least = 1,
            Most = 1,
            Words = VerbWords.Files,
            Options =
            [
                new("--stdio", "the daemon is at standard input and output"),
                new("--verbose", "log each step") { Short = "-v" },
            ],
            Details = "The ready controller. FILE is services.toml, daemonproxy-services(5), or a directory of such "
                + "files. With --stdio it is a service with control.event and control.cmd. It may be killed at any "
                + "time: what it has to know is in the daemon. SIGHUP: read FILE again. SIGTERM: end, and leave the "
                + "services as they are.",
            Example = "dpctl manage /etc/daemonproxy/services.toml",
            ExitCodes = "1 FILE has mistakes, or another manager runs.",
            Run = ManageVerb.Run,
        };
        yield return new Verb("reload", "have the manager read its file again, or services theirs")
        {
            Arguments = "[NAME...]",
            Words = VerbWords.ServicesUp,
            Options = [new("--timeout", "how long to wait (30 s)") { Value = Number }],
            Details = "Without a name the manager reads its file: what has changed is restarted. With names these "
                + "services read their own configuration, by the signal or the command that 'reload' has in the "
                + "manager's file, daemonproxy-services(5).",
            Example = "dpctl reload web",
            ExitCodes = "1 the file has mistakes, and nothing was changed; no manager runs; a service does not run, or "
                + "could not reload; 124 the time is over.",
            Run = ReloadVerb.Run,
        };
        yield return new Verb("shutdown", "stop all services, and end the daemon")
        {
            Most = 0,
            Options =
            [
                Guard, new("--timeout", "how long to wait for each (SIGKILL and 5 s)") { Value = Number },
            ],
            Details = "With a manager: in reverse order of what they need.",
            Example = "dpctl shutdown",
            ExitCodes = "1 a service still runs, and so does the daemon.",
            Run = DaemonVerbs.Shutdown,
        };
        yield return new Verb("upgrade", "replace the daemon's program while services run")
        {
            Arguments = "[PATH]",
            Most = 1,
            Words = VerbWords.Files,
            Options = [Guard],
            Details = "Without PATH: the file that it was started from, which is another one by now.",
            Example = "dpctl upgrade /usr/sbin/daemonproxy",
            ExitCodes = "1 the new program cannot take over; the old one goes on.",
            Run = DaemonVerbs.Upgrade,
        };
        yield return new Verb("log", "show or set what the daemon logs")
        {
            Arguments = "[LEVEL]",
            Most = 1,
            Words = VerbWords.Levels,
            Details = "The log has the messages above the level, which is trace, debug, info, warning, error or fatal; "
                + "none is all messages.",
            Example = "dpctl log info",
            Run = DaemonVerbs.Log,
        };
    }
}

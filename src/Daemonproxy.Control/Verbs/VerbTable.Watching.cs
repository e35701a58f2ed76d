using System.Collections.Generic;

namespace Daemonproxy.Control.Verbs;

/// <summary>The verbs that follow something, and run something.</summary>
internal static partial class VerbTable
{
    private static IEnumerable<Verb> Watching()
    {
        yield return new Verb("tail", "the end of what services print")
        {
            Alias = "logs",
            Arguments = "NAME...",
            Least = 1,
            Words = VerbWords.Services,
            Options =
            [
                new("--follow", "go on with what is added, until ^C") { Short = "-f" },
                new("--lines", "how many lines of each (20)") { Short = "-n", Value = "N" },
            ],
            Details = "It is the file behind descriptor 2, or 1; through a pipe, the file that its logger writes. With "
                + "several services each line begins with the name. logs is the same.",
            Example = "dpctl tail -f web",
            ExitCodes = "1 there is no file, or it cannot be read; 4 no such service.",
            Run = TailVerb.Run,
        };
        yield return new Verb("events", "how services are, and what happens to them")
        {
            Arguments = "[NAME...]",
            Words = VerbWords.Services,
            Options = [new("--json", "an object on each line, with the fields of status --json")],
            Details = "A line that begins with = says how things are, the others what happens. When the daemon ends or "
                + "is upgraded, dpctl connects again for 10 s.",
            Example = "dpctl events 'web*'",
            ExitCodes = "0 at ^C, or when the reader of the pipe goes away; 5 the connection was lost.",
            Run = EventsVerb.Run,
        };
        yield return new Verb("top", "live view: services, what they use, and what happens")
        {
            Most = 0,
            Options = [new("--delay", "how often it looks at processes (2 s)") { Short = "-d", Value = Number }],
            Details = "CPU and memory are those of a service's tree: of its control group if it has one, otherwise of "
                + "its processes in /proc. 100% is one processor. Those that are not well come first, then the others "
                + "by CPU; < and > change the column. s starts the service at the >, x stops it, r restarts it, k "
                + "sends it a signal, Enter shows its page, o its output, / filters by name, q quits.",
            Example = "dpctl top -d 5",
            ExitCodes = "0 at q; 2 there is no terminal; 130 at ^C.",
            Run = TopVerb.Run,
        };
        yield return new Verb("run", "run a program once, as a service of the daemon")
        {
            Arguments = "-- PROGRAM [ARGUMENT...]",
            Most = 0,
            HasProgram = true,
            Options =
            [
                new("--user", "its user, or USER:GROUP (the daemon's)") { Value = "USER" },
                new("--dir", "its directory (the one dpctl is in)") { Value = "DIR", IsFile = true },
                new("--env", "a variable; may be repeated") { Value = "KEY=VALUE" },
                new("--limit", "a resource limit; may be repeated") { Value = "NAME=N" },
                new("--output", "append its output to a file") { Short = "-o", Value = "FILE", IsFile = true },
                new("--timeout", "stop it after so long (never)") { Value = Number },
                new("--name", "its name, which stays (run.XXXX, which is forgotten)") { Value = "NAME" },
                new("--tag", "a tag; may be repeated") { Value = "TAG" },
                new("--detach", "print its name and return") { Short = "-d" },
            ],
            Details = "Its input, output and error are those of dpctl. ^C is passed on; the second within 2 s is "
                + "SIGKILL.",
            Example = "dpctl run --timeout 1h -- ./backup.sh /srv",
            ExitCodes = "the program's; 128 + N if signal N ended it; 124 time limit; 125 dpctl or the daemon failed; "
                + "126 not executable; 127 not found.",
            Run = RunVerb.Run,
        };
    }
}

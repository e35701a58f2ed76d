using System.Collections.Generic;
using Daemonproxy.Control.Completion;

namespace Daemonproxy.Control.Verbs;

/// <summary>The verbs for files, fleets and dpctl itself.</summary>
internal static partial class VerbTable
{
    private static IEnumerable<Verb> Helping()
    {
        yield return new Verb("check", "find mistakes in configs and in files of the manager")
        {
            Arguments = "FILE...",
            Least = 1,
            Words = VerbWords.Files,
            Options = [new("--json", "an object on each line")],
            Details = "A name that ends in .toml, and a directory, is the manager's; everything else is a config of "
                + "the daemon. Each mistake is printed as file:line:column:. A program or a user that is not on this "
                + "machine is a warning.",
            Example = "dpctl check /etc/daemonproxy.conf",
            ExitCodes = "0 there are no mistakes; 1 there are; 2 a file cannot be read.",
            Run = CheckVerb.Run,
        };
        yield return new Verb("import", "print services of another system as a file of the manager")
        {
            Arguments = "KIND PATH...",
            Least = 2,
            Words = VerbWords.ImportKindsThenFiles,
            Options = [new("--strict", "exit code 1 if something could not be carried over")],
            Details = "KIND is runit, s6, daemontools, supervisord, systemd, procfile or compose, which takes several "
                + "files: what a later one says counts more, as with -f of compose. What could not be carried over "
                + "is a comment that begins with # NOT, with its line and the reason, beside the service. The result "
                + "passes dpctl check.",
            Example = "dpctl import systemd /usr/lib/systemd/system/nginx.service",
            ExitCodes = "1 PATH cannot be read, and nothing is printed; with --strict, also if there is a NOT.",
            Run = ImportVerb.Run,
        };
        yield return new Verb("agent", "run jobs of a fleet on this machine")
        {
            Arguments = "[OPTION...]",
            Details = "It is dpctl-agent run, beside dpctl or in PATH, and dpctl-agent(1) has its options. The word "
                + "comes first, before any option. docs/FLEET.md says what a fleet is.",
            Example = "dpctl agent --redis redis.example.org --allow /usr/bin/convert",
            Run = static call => FleetVerbs.Run([call.Verb.Name, .. call.Words]),
        };
        yield return new Verb("fleet", "show the machines, queues and jobs of a fleet")
        {
            Arguments = "status [OPTION...]",
            Details = "It is dpctl-agent status, beside dpctl or in PATH, and dpctl-agent(1) has its options.",
            Example = "dpctl fleet status --redis redis.example.org --json",
            ExitCodes = "1 Redis does not answer; 3 a machine is lost or troubled, or has given a job back.",
            Run = static call => FleetVerbs.Run([call.Verb.Name, .. call.Words]),
        };
        yield return new Verb("completion", "print what a shell needs to complete words")
        {
            Arguments = "bash|zsh|fish",
            Least = 1,
            Most = 1,
            Words = VerbWords.Shells,
            Details = "bash: eval \"$(dpctl completion bash)\" in ~/.bashrc. zsh: into a file _dpctl on $fpath. fish: "
                + "into ~/.config/fish/completions/dpctl.fish.",
            Example = "dpctl completion bash",
            Run = CompletionVerb.Run,
        };
        yield return new Verb("__names", "the names of services with their states, for completions")
        {
            Arguments = "[up|down]",
            Most = 1,
            IsHidden = true,
            Run = CompletionVerb.Names,
        };
        yield return new Verb("__manual", "the manual page, for the build")
        {
            Most = 0,
            IsHidden = true,
            Run = ManualPage.Run,
        };
    }
}

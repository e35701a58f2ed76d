using System.Linq;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;
using static Daemonproxy.Control.Completion.Troff;

namespace Daemonproxy.Control.Completion;

/// <summary>The manual page, from the table of verbs: docs/dpctl.1.</summary>
internal static class ManualPage
{
    public static int Run(VerbCall call)
    {
        Write(call.Out);
        return ExitCode.Done;
    }

    private static void Write(Output output)
    {
        output.WriteLine(".\\\" Made from the table of verbs: dpctl __manual")
            .WriteLine($".TH DPCTL 1 \"\" \"dpctl {VerbTable.Version}\"")
            .WriteLine(".SH NAME").WriteLine("dpctl \\- look at and steer a daemonproxy and its services")
            .WriteLine(".SH SYNOPSIS").WriteLine(".B dpctl")
            .WriteLine("[\\fB\\-S\\fR \\fISOCKET\\fR] [\\fB\\-\\-color\\fR auto|always|never] \\fIVERB\\fR ...")
            .WriteLine(".SH DESCRIPTION")
            .WriteLine("Without a verb,").WriteLine(".B dpctl").WriteLine("shows the services:")
            .WriteLine(".BR \"dpctl status\" .")
            .WriteLine("\\(aqweb*\\(aq means all services whose names begin so; quote it for the shell.")
            .WriteLine("What was asked for is on standard output, everything else on standard error.")
            .WriteLine("There is no pager, and no daemon is started.")
            .WriteLine(".SH OPTIONS");
        foreach (VerbOption option in VerbTable.Everywhere)
        {
            Write(output, option);
        }

        output.WriteLine(".SH VERBS");
        foreach (Verb verb in VerbTable.All.Where(verb => !verb.IsHidden))
        {
            Write(output, verb);
        }

        WriteEnd(output);
    }

    private static void Write(Output output, Verb verb)
    {
        string words = verb.Arguments.Length > 0 ? $" \\fR{Escape(verb.Arguments)}" : "";
        output.WriteLine($".SS \"{verb.Name}{words}\"")
            .WriteLine(Escape($"{char.ToUpperInvariant(verb.Summary[0])}{verb.Summary[1..]}."));
        if (verb.Details.Length > 0)
        {
            WriteLines(output, verb.Details);
        }

        foreach (VerbOption option in verb.Options)
        {
            Write(output, option);
        }

        output.WriteLine(".PP").WriteLine("Example:").WriteLine(".B " + Escape(verb.Example));
        if (verb.ExitCodes.Length > 0)
        {
            output.WriteLine(".PP");
            WriteLines(output, $"Exit codes: {verb.ExitCodes}");
        }
    }

    private static void Write(Output output, VerbOption option)
    {
        string value = option.Value is null ? "" : $" \\fI{option.Value}\\fR";
        string name = option.Short is null ? "" : $"{Escape(option.Short)}, ";
        output.WriteLine(".TP").WriteLine($"\\fB{name}{Escape(option.Name)}\\fR{value}")
            .WriteLine(Escape($"{char.ToUpperInvariant(option.Text[0])}{option.Text[1..]}."));
    }

    private static void WriteEnd(Output output) => output
        .WriteLine(".SH EXIT CODES")
        .WriteLine(".IP 0 5").WriteLine("Done, or so already.").WriteLine(".IP 1 5").WriteLine("Refused or failed.")
        .WriteLine(".IP 2 5").WriteLine("Wrong usage.").WriteLine(".IP 3 5").WriteLine("status: not all is well.")
        .WriteLine(".IP 4 5").WriteLine("No such service; nothing was done.")
        .WriteLine(".IP 5 5").WriteLine("No daemon, no permission, or the connection was lost.")
        .WriteLine(".IP 124 5").WriteLine("A time limit passed.").WriteLine(".IP 130 5").WriteLine("\\(haC.")
        .WriteLine(".IP 141 5").WriteLine("The reader of the pipe went away.")
        .WriteLine(".SH ENVIRONMENT")
        .WriteLine(".TP").WriteLine(".B DAEMONPROXY_SOCKET").WriteLine("The socket where \\-S is not given.")
        .WriteLine(".TP").WriteLine(".B NO_COLOR").WriteLine("If it is set and not empty, there are no colours.")
        .WriteLine(".SH FILES")
        .WriteLine(".TP").WriteLine(".I /run/daemonproxy.sock")
        .WriteLine("Where the daemon is looked for first, and then")
        .WriteLine(".TP").WriteLine(".I $XDG_RUNTIME_DIR/daemonproxy.sock").WriteLine("the one of the user.")
        .WriteLine(".SH SEE ALSO").WriteLine(".BR dpctl-agent (1),").WriteLine(".BR daemonproxy (8)");

    private static void WriteLines(Output output, string text)
    {
        foreach (string line in HelpText.Wrap(text, 78))
        {
            output.WriteLine(Escape(line));
        }
    }
}

using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;
using Daemonproxy.Agent.Running;
using static Daemonproxy.Control.Completion.Troff;

namespace Daemonproxy.Agent.Commands;

/// <summary>The manual page, from the commands and their options: docs/dpctl-agent.1.</summary>
internal static class ManualPage
{
    public static Command Create(RootCommand root)
    {
        var command = new Command("__manual", "Prints the manual page.") { Hidden = true };
        command.SetAction(_ => Console.Out.Write(Write(root)));
        return command;
    }

    private static string Write(RootCommand root)
    {
        var page = new StringBuilder();
        page.Append(Beginning()).Append(".SH COMMANDS\n");
        foreach (Command command in root.Subcommands.Where(static command => !command.Hidden))
        {
            page.Append($".SS \"{command.Name} [\\fIOPTION\\fR...]\"\n{Escape(command.Description!)}\n");
            foreach (Option option in command.Options)
            {
                string names = string.Join(", ", option.Aliases.Append(option.Name).Select(Escape));
                string value = option.ValueType == typeof(bool) ? "" : $" \\fI{option.HelpName}\\fR";
                page.Append($".TP\n\\fB{names}\\fR{value}\n{Escape(Sentence(option))}\n");
            }
        }

        return page.Append(End()).ToString();
    }

    private static string Sentence(Option option)
    {
        string text = option.Description!;
        string note = option.Required ? "; it is required" : DefaultOf(option);
        return $"{char.ToUpperInvariant(text[0])}{text[1..]}{note}.";
    }

    // Not what is another on each machine.
    private static string DefaultOf(Option option) => option.Name is "--name" or "--socket" or "--redis"
        ? ""
        : option.GetDefaultValue() switch
        {
            string { Length: > 0 } text => $" ({text})",
            IConvertible number and not (string or bool) => $" ({number.ToString(CultureInfo.InvariantCulture)})",
            _ => "",
        };

    private static string Beginning() => $"""
        .\" Made from the commands and their options: dpctl-agent __manual
        .TH DPCTL-AGENT 1 "" "dpctl-agent {AgentVersion.Release}"
        .SH NAME
        dpctl\-agent \- run jobs of a fleet on this machine, and show a fleet
        .SH SYNOPSIS
        .B dpctl\-agent run
        \fB\-\-allow\fR \fIPROGRAM\fR [\fIOPTION\fR...]
        .br
        .B dpctl\-agent status
        [\fIOPTION\fR...]
        .SH DESCRIPTION
        A fleet is many machines that run the background jobs of applications, which wait in Redis.
        On each machine one agent takes as many jobs as it has places for, and runs them as services of the daemonproxy
        of that machine: they outlive the agent, and crashes and upgrades of the daemon.
        A machine that does not renew its lease is taken for lost, and its jobs are given to others, so that a job runs
        at least once.
        .BR "dpctl agent" " and " "dpctl fleet status"
        are the same two commands.

        """;

    private static string End() => """
        .SH ENVIRONMENT
        .TP
        .B DAEMONPROXY_REDIS
        Where Redis is, without \-\-redis.
        .TP
        .B DAEMONPROXY_SOCKET
        The control socket, without \-S.
        .PP
        Each job has
        .BR DAEMONPROXY_JOB ", its name, " DAEMONPROXY_MACHINE ", and " DAEMONPROXY_FENCE ,
        the number of its run, which grows with each.
        .SH EXIT CODES
        .IP 0 5
        run: a signal ended it. status: all is well.
        .IP 1 5
        It cannot work, or Redis does not answer.
        .IP 2 5
        Wrong usage.
        .IP 3 5
        status: not all is well.
        .SH FILES
        .TP
        .I /var/lib/dpctl\-agent
        The outputs of jobs, until Redis has them.
        .SH EXAMPLES
        A control socket for the agent, in the config of the daemon, with TABs between the fields:
        .PP
        .EX
        socket.create\tname=fleet,mode=0600,allow=jobs,prefix=fleet.,user=jobs,max=64\t/run/fleet.sock
        .EE
        .PP
        An agent that runs up to eight conversions at once:
        .PP
        .EX
        dpctl agent \-S /run/fleet.sock \-\-redis redis.example.org \-\-queue images \-\-allow convert \-\-places 8
        .EE
        .SH SEE ALSO
        .BR dpctl (1),
        .BR daemonproxy (8);
        docs/FLEET.md of Daemonproxy says what is guaranteed, and what a password of Redis is worth

        """.Replace("\\t", "\t", StringComparison.Ordinal);
}

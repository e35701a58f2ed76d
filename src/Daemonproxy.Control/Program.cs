using System;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control;

/// <summary>dpctl: shows and controls a daemon and its services.</summary>
internal static class Program
{
    private static int Main(string[] line)
    {
        var output = new Output(1);
        var errors = new Output(2);
        VerbCall? call = null;
        int code;
        try
        {
            if (FleetVerbs.Has(line))
            {
                return FleetVerbs.Run(line);
            }

            call = CommandLineReader.Read(line, output, errors);
            string colour = call.Value("--color") ?? "auto";
            output.HasColour = ColourChoice.For(output, colour);
            errors.HasColour = ColourChoice.For(errors, colour);
            code = Run(call);
            output.Flush();
            errors.Flush();
            return code;
        }
        catch (Problem problem)
        {
            code = problem.ExitCode;
            Print(output, errors, problem);
        }

        // The other codes are the program's.
        bool isRun = call is null
            ? Array.IndexOf(line, "run") >= 0
            : call.Verb.HasProgram || WaitVerb.EndsAsTheService(call);
        return isRun && code is (ExitCode.Usage or ExitCode.NoDaemon or ExitCode.NoService) ? ExitCode.RunFailed : code;
    }

    private static int Run(VerbCall call)
    {
        if (call.Has("--version"))
        {
            call.Out.WriteLine($"dpctl {VerbTable.Version}");
            return ExitCode.Done;
        }

        if (call.Has("--help"))
        {
            if (call.HasVerb)
            {
                HelpText.Write(call.Out, call.Verb);
            }
            else
            {
                HelpText.Write(call.Out);
            }

            return ExitCode.Done;
        }

        return call.Verb.Run(call);
    }

    // Output from before the problem is still printed.
    private static void Print(Output output, Output errors, Problem problem)
    {
        if (problem.ExitCode == ExitCode.BrokenPipe)
        {
            return;
        }

        try
        {
            output.Flush();
            if (problem.Message.Length > 0)
            {
                errors.WriteLine($"dpctl: {problem.Message}");
            }

            errors.Flush();
        }
        catch (Problem)
        {
            // Standard error is closed, too.
        }
    }
}

using System;
using System.Linq;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Verbs;

/// <summary>The text of <c>--help</c>; it fits 80 columns and 24 lines.</summary>
internal static class HelpText
{
    private const int SummaryColumn = 28;
    private const int Columns = 79;

    /// <summary>The help of dpctl.</summary>
    public static void Write(Output output)
    {
        output.WriteLine("dpctl - look at and steer a daemonproxy and its services").WriteLine()
            .WriteLine("dpctl [-S SOCKET] [--color auto|always|never] VERB ...").WriteLine();
        foreach ((string usage, string text) in VerbTable.Overview)
        {
            output.WriteLine($"  {usage.PadRight(SummaryColumn)}{text}".TrimEnd());
        }

        output.WriteLine()
            .WriteLine("'web*' means all whose names begin so. dpctl VERB --help, man dpctl.");
    }

    /// <summary>The help of a verb.</summary>
    public static void Write(Output output, Verb verb)
    {
        output.WriteLine($"dpctl {verb.Name} - {verb.Summary}").WriteLine().WriteLine(UsageOf(verb));
        if (verb.Options.Length > 0)
        {
            int width = verb.Options.Max(option => option.Shown.Length) + 2;
            output.WriteLine();
            foreach (VerbOption option in verb.Options)
            {
                output.WriteLine($"  {option.Shown.PadRight(width)}{option.Text}");
            }
        }

        if (verb.Details.Length > 0)
        {
            output.WriteLine();
            foreach (string line in Wrap(verb.Details, Columns))
            {
                output.WriteLine(line);
            }
        }

        output.WriteLine().WriteLine($"Example: {verb.Example}");
        if (verb.ExitCodes.Length > 0)
        {
            foreach (string line in Wrap($"Exit codes: {verb.ExitCodes}", Columns))
            {
                output.WriteLine(line);
            }
        }
    }

    /// <summary>The usage of a verb.</summary>
    public static string UsageOf(Verb verb)
    {
        string options = verb.Options.Length > 0 ? " [OPTION...]" : "";
        string words = verb.Arguments.Length > 0 ? $" {verb.Arguments}" : "";
        return $"dpctl {verb.Name}{options}{words}";
    }

    /// <summary>Wraps a text at a number of columns.</summary>
    public static System.Collections.Generic.IEnumerable<string> Wrap(string text, int columns)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > columns)
            {
                yield return line;
                line = "";
            }

            line += line.Length > 0 ? $" {word}" : word;
        }

        if (line.Length > 0)
        {
            yield return line;
        }
    }
}

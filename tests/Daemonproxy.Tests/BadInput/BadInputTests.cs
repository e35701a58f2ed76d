using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Generators.Model;
using Daemonproxy.Tests.Support;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Tests.BadInput;

/// <summary>
/// Every field of every command of the spec with everything that can be wrong with it: the answer is the error that the
/// spec promises, and then nothing has changed. All of it is one golden file, to be read against the protocol.
/// </summary>
public sealed class BadInputTests
{
    [Fact]
    public async Task EveryFieldOfEveryCommand()
    {
        StringBuilder text = new("Each field with what can be wrong with it; below, what comes back.\n");
        using Matrix matrix = new(text);
        foreach (CommandModel command in Spec.Model.Commands)
        {
            text.Append('\n').Append(command.Name).Append('\n');
            for (int at = 0; at < command.Fields.Count; at++)
            {
                FieldModel field = command.Fields[at];
                text.Append("  ").Append(field.Name).Append(": ").Append(field.Notation).Append('\n');
                foreach (FieldValue value in FieldValues.Bad(command, field))
                {
                    matrix.Try(command, value.Label, LineWith(command, at, value.Text), value.Error);
                }
            }

            TryFieldsTooMany(matrix, command);
        }

        await Verifier.Verify(text.ToString());
    }

    // What is in a field too many makes no difference, or is an error.
    private static void TryFieldsTooMany(Matrix matrix, CommandModel command)
    {
        if (command.Fields.Any(field => field.Mark is FieldMark.Rest or FieldMark.List))
        {
            return;
        }

        string good = LineWith(command, command.Fields.Count, null);
        string[] answer = matrix.Try(command, "good", good, null);
        ErrorReference? error = command.Extra is null ? null : new ErrorReference(command.Extra, false);
        foreach (string extra in (string[])["⇥", "⇥more", "⇥more⇥and more"])
        {
            string[] other = matrix.Try(command, "a field too many", good + extra, error);
            if (error is null)
            {
                Assert.Equal(answer.Select(WithoutQuote), other.Select(WithoutQuote));
            }
        }
    }

    // The line that an error repeats is another one.
    private static string WithoutQuote(string answer) => answer.Split(", for command ")[0];

    // All fields up to this one are good, and of those behind it the ones that must be there.
    private static string LineWith(CommandModel command, int at, string? value)
    {
        List<string> words = [command.Name];
        for (int i = 0; i < command.Fields.Count && (i != at || value is not null); i++)
        {
            FieldModel field = command.Fields[i];
            if (i <= at || field.Mark == FieldMark.Required)
            {
                words.Add(i == at ? value! : FieldValues.Good(command, field));
            }
        }

        return string.Join('⇥', words);
    }

    /// <summary>Sends the lines, each to a daemon that nothing has changed.</summary>
    private sealed class Matrix(StringBuilder text) : IDisposable
    {
        private BadInputStage _stage = new();

        public string[] Try(CommandModel command, string label, string line, ErrorReference? error)
        {
            IReadOnlyList<string> before = _stage.Dump();
            string[] answer = _stage.Send(line, passesDescriptor: command.Takes is not null);
            text.Append("    ").Append(label.PadRight(17)).Append(line).Append('\n');
            foreach (string seen in answer.DefaultIfEmpty("(nothing)"))
            {
                text.Append(' ', 21).Append(seen).Append('\n');
            }

            if (error is not null)
            {
                Assert.StartsWith("error⇥" + Spec.BeginningOf(error), Assert.Single(answer), StringComparison.Ordinal);
            }

            bool isError = answer is [{ } only] && only.StartsWith("error⇥", StringComparison.Ordinal);
            if (isError)
            {
                Assert.Equal(before, _stage.Dump());
            }

            if (!isError || command.Takes is not null)
            {
                _stage.Dispose();
                _stage = new BadInputStage();
            }

            return answer;
        }

        public void Dispose() => _stage.Dispose();
    }
}

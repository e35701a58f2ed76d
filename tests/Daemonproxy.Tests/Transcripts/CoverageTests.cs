using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Daemonproxy.Generators.Model;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>
/// The transcripts leave nothing of the spec out: no command, no error, no warning, no case of an event, no flag, no
/// option.
/// </summary>
public sealed class CoverageTests
{
    private static readonly Lazy<string> _all = new(() => string.Join(
        '\n', Directory.GetFiles(TranscriptTests.Folder, "*.txt").Select(File.ReadAllText)));

    [Fact]
    public void EveryCommandIsSent() => AllAreThere(Spec.Model.Commands.Select(command => new Needed(
        $"`{command.Name}` is never sent", $"> {Line(command, command.Fields.Count)}",
        Sent($"{Regex.Escape(command.Name)}([⇥⏎]|$)"))));

    [Fact]
    public void EveryCommandIsSentByItselfAndWithEachOfItsFields() => AllAreThere(
        Spec.Model.Commands.SelectMany(command => Enumerable.Range(0, command.Fields.Count + 1)
            .Select(fields => new Needed(
                $"`{command.Name}` is never sent with {fields} fields", $"> {Line(command, fields)}",
                Sent($"{Regex.Escape(command.Name)}(⇥[^⇥⏎\\n]*){{{fields}}}([⏎¬]|$)")))));

    // To a controller; or, of an option, to the log, before the daemon ends.
    [Fact]
    public void EveryErrorComesOut() => AllAreThere(Spec.Model.Errors.Select(error => new Needed(
        $"the error `{error.Name}` never comes out", $"a command that is answered `< error⇥{Text(error.Pieces)}, …`",
        $"(error⇥|^log: fatal: ){Pattern(error.Pieces)}")));

    [Fact]
    public void EveryWarningComesOut() => AllAreThere(Spec.Model.Notices.Select(notice => new Needed(
        $"the {notice.Event} `{notice.Name}` never comes out",
        $"a command that is answered `< {notice.Event}⇥{Text(notice.Pieces)}`",
        $"^[^<>]*< {notice.Event}⇥{Pattern(notice.Pieces)}$")));

    [Fact]
    public void EveryCaseOfEveryEventComesOut() => AllAreThere(
        Spec.Model.Events.SelectMany(e => e.Lines).Select(line => new Needed(
            $"the event `{line.Name}`{(line.Case is { } one ? $", case `{one}`," : "")} never comes out",
            $"what makes the daemon send `< {line.Notation.Replace(' ', '⇥')}`",
            $"^[^<>\\n]*< {Pattern(line.Pieces)}( \\(×\\d+\\))?$")));

    [Fact]
    public void EveryFlagIsAskedFor() => AllAreThere(Spec.Model.Sets.SelectMany(set => set.Words.Select(
        word => new Needed(
            $"the word `{word.Name}` of the set `{set.Name}` is never sent",
            $"a command with `{word.Name}` in a field of the type set[{set.Name}]",
            Sent($"[^\\n]*[⇥,]{word.Name}([=,⇥⏎]|$)")))));

    [Fact]
    public void EveryLevelIsSet() => AllAreThere(
        Spec.Model.Enums.Single(e => e.Name == "log-level").Words.Select(word => new Needed(
            $"the level `{word}` is never set", $"> log.filter⇥{word}", Sent($"log\\.filter⇥{word}$"))));

    [Fact]
    public void EveryOptionIsGiven() => AllAreThere(Spec.Model.Options.Select(option => new Needed(
        $"the option `--{option.Name}` is never given",
        $"$ daemonproxy -i --{option.Name}{(option.Field is null ? "" : " " + option.Shown)}",
        option.Short is char letter
            ? $"^\\$ [^\\n]* (--{option.Name}|-[A-Za-z]*{letter}[A-Za-z]*)([ =]|$)"
            : $"^\\$ [^\\n]* --{option.Name}([ =]|$)")));

    private static string Sent(string line) => $"(^[^<>\\n]*> |⏎|»){line}";

    private static string Line(CommandModel command, int fields) => string.Join(
        '⇥', [command.Name, .. command.Fields.Take(fields).Select(field => field.Name.ToUpperInvariant())]);

    private static string Text(EquatableArray<MessagePiece> pieces) =>
        string.Concat(pieces.Select(piece => piece.Placeholder?.ToUpperInvariant() ?? piece.Literal));

    private static void AllAreThere(IEnumerable<Needed> all)
    {
        string[] missing =
        [
            .. all.Where(one => !Regex.IsMatch(_all.Value, one.Pattern, RegexOptions.Multiline))
                .Select(one => $"{one.Missing}: a transcript needs {one.Write}"),
        ];
        Assert.True(
            missing.Length == 0,
            string.Join('\n', missing) + "\nWrite the lines into a file of tests/Daemonproxy.Tests/Transcripts, whose "
            + "README says how; `make accept` fills in what comes out.");
    }

    // The text of a message, whatever fills its placeholders; one that is cut may end before its last piece.
    private static string Pattern(EquatableArray<MessagePiece> pieces) =>
        string.Concat(pieces.Select(piece => piece.Placeholder is null ? Escape(piece.Literal) : "[^⏎\\n]*"));

    private static string Pattern(EquatableArray<EventPiece> pieces)
    {
        StringBuilder text = new();
        foreach (EventPiece piece in pieces)
        {
            text.Append(piece.Kind == PieceKind.Literal ? Escape(piece.Literal) : "[^\\n]*");
        }

        return text.ToString();
    }

    private static string Escape(string literal) => Regex.Escape(Notation.Encode(literal.TrimEnd('\n')));

    // What is missing, what to write, and how it is found.
    private sealed record Needed(string Missing, string Write, string Pattern);
}

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
    public void Every_command_is_sent() => AllAreThere(
        Spec.Model.Commands.Select(command => Sent($"{Regex.Escape(command.Name)}([⇥⏎]|$)")));

    [Fact]
    public void Every_command_is_sent_by_itself_and_with_each_of_its_fields() => AllAreThere(
        Spec.Model.Commands.SelectMany(command => Enumerable.Range(0, command.Fields.Count + 1)
            .Select(fields => Sent($"{Regex.Escape(command.Name)}(⇥[^⇥⏎\\n]*){{{fields}}}([⏎¬]|$)"))));

    // To a controller; or, of an option, to the log, before the daemon ends.
    [Fact]
    public void Every_error_comes_out() => AllAreThere(
        Spec.Model.Errors.Select(error => $"(error⇥|^log: fatal: ){Pattern(error.Pieces)}"));

    [Fact]
    public void Every_warning_comes_out() => AllAreThere(
        Spec.Model.Notices.Select(notice => $"^[^<>]*< {notice.Event}⇥{Pattern(notice.Pieces)}$"));

    [Fact]
    public void Every_case_of_every_event_comes_out() => AllAreThere(
        Spec.Model.Events.SelectMany(e => e.Lines)
            .Select(line => $"^[^<>\\n]*< {Pattern(line.Pieces)}( \\(×\\d+\\))?$"));

    [Fact]
    public void Every_flag_is_asked_for() => AllAreThere(
        Spec.Model.Sets.SelectMany(set => set.Words).Select(word => Sent($"[^\\n]*[⇥,]{word.Name}([=,⇥⏎]|$)")));

    [Fact]
    public void Every_level_is_set() => AllAreThere(
        Spec.Model.Enums.Single(e => e.Name == "log-level").Words.Select(word => Sent($"log\\.filter⇥{word}$")));

    [Fact]
    public void Every_option_is_given() => AllAreThere(
        Spec.Model.Options.Select(option => option.Short is char letter
            ? $"^\\$ [^\\n]* (--{option.Name}|-[A-Za-z]*{letter}[A-Za-z]*)([ =]|$)"
            : $"^\\$ [^\\n]* --{option.Name}([ =]|$)"));

    private static string Sent(string line) => $"(^[^<>\\n]*> |⏎|»){line}";

    private static void AllAreThere(IEnumerable<string> patterns)
    {
        string[] missing = [.. patterns.Where(pattern => !Regex.IsMatch(_all.Value, pattern, RegexOptions.Multiline))];
        Assert.True(missing.Length == 0, "no transcript has\n" + string.Join('\n', missing));
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
}

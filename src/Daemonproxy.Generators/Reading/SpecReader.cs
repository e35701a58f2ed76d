using System.Collections.Generic;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>
/// Reads a spec line by line: column 0 begins a declaration, two blanks a member of it, <c>#</c> a comment, and a blank
/// line ends what was begun. Whatever is wrong with a line, the next one is read.
/// </summary>
internal sealed class SpecReader
{
    private readonly SourceText _source;
    private readonly string _text;
    private readonly ProblemBag _problems;
    private readonly DeclarationReader _declarations;
    private readonly MemberReader _members;
    private readonly CommentBlock _comment;
    private readonly List<DeclarationSyntax> _read = [];
    private DeclarationSyntax? _current;
    private bool _hasCrLf;

    private SpecReader(SourceText source, ProblemBag problems)
    {
        _source = source;
        _text = source.ToString();
        _problems = problems;
        _declarations = new DeclarationReader(problems);
        _members = new MemberReader(problems);
        _comment = new CommentBlock(problems);
    }

    /// <summary>All declarations that could be made out.</summary>
    public static List<DeclarationSyntax> Read(SourceText source, ProblemBag problems)
    {
        var reader = new SpecReader(source, problems);
        foreach (TextLine line in source.Lines)
        {
            reader.ReadLine(line);
        }

        return reader._read;
    }

    private void ReadLine(TextLine line)
    {
        if (!_hasCrLf && LineRules.EndsInCrLf(_text, line))
        {
            _hasCrLf = true;
            _problems.Report(Rules.WindowsLines, new TextSpan(line.End, 1));
        }

        if (!LineRules.Check(_text, line, _problems, out int start, out int end))
        {
            Skip(line);
            return;
        }

        int indentation = start - line.Start;
        if (start == end)
        {
            _comment.Drop();
            _current = null;
        }
        else if (_text[start] == '#')
        {
            _comment.Add(_text.Substring(start + 1, end - start - 1), indentation, TextSpan.FromBounds(start, end));
        }
        else if (indentation == 0)
        {
            var cursor = new LineCursor(_text, start, end, _problems);
            _current = _declarations.Read(cursor, _comment.Take(0));
            _read.Add(_current);
        }
        else
        {
            ReadMember(indentation, start, end);
        }
    }

    // What belongs to a declaration that cannot be read is not a member of the one before it.
    private void Skip(TextLine line)
    {
        _comment.Drop();
        if (!char.IsWhiteSpace(_text[line.Start]) && _text[line.Start] != '#')
        {
            string[] words = _text.Substring(line.Start, line.End - line.Start).Split(
                [' ', '\t'], System.StringSplitOptions.RemoveEmptyEntries);
            _current = Unreadable(line.Start, words.Length > 1 ? words[1].TrimEnd(':') : "");
            _read.Add(_current);
        }
        else if (_current != null)
        {
            _current.IsBroken = true;
        }
    }

    private static SectionSyntax Unreadable(int position, string name = "")
    {
        var nothing = new Token(TokenKind.Word, "", new TextSpan(position, 0));
        return new SectionSyntax(nothing, nothing, "") { IsBroken = true, UnreadableName = name };
    }

    private void ReadMember(int indentation, int start, int end)
    {
        string docs = _comment.Take(indentation);
        var cursor = new LineCursor(_text, start, end, _problems);
        if (indentation != 2)
        {
            _problems.Report(Rules.Indentation, TextSpan.FromBounds(start - indentation, start));
        }
        else if (_current == null)
        {
            // Reported once: the lines below it are in the same place for the same reason.
            _problems.Report(Rules.MemberOfNothing, cursor.Current.Span);
            _current = Unreadable(start);
        }
        else
        {
            _members.Read(cursor, _current, docs);
        }
    }
}

using System.Collections.Generic;
using Daemonproxy.Generators.Problems;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Reading;

/// <summary>The comment lines since the last other line: the documentation of what follows directly.</summary>
internal sealed class CommentBlock(ProblemBag problems)
{
    private readonly List<string> _lines = [];
    private int _indentation;
    private TextSpan _first;

    public void Add(string text, int indentation, TextSpan span)
    {
        if (_lines.Count > 0 && indentation != _indentation)
        {
            Misplaced();
        }

        if (_lines.Count == 0)
        {
            _indentation = indentation;
            _first = span;
        }

        _lines.Add(text.StartsWith(" ", System.StringComparison.Ordinal) ? text.Substring(1) : text);
    }

    /// <summary>A blank line follows: it documents nothing.</summary>
    public void Drop() => _lines.Clear();

    /// <summary>The documentation of a line that begins in this column.</summary>
    public string Take(int indentation)
    {
        if (_lines.Count > 0 && indentation != _indentation)
        {
            Misplaced();
        }

        string text = string.Join("\n", _lines);
        _lines.Clear();
        return text;
    }

    private void Misplaced()
    {
        problems.Report(Rules.MisplacedComment, _first);
        _lines.Clear();
    }
}

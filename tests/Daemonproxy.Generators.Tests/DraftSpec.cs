using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// A spec of names that need not fit together. The lines that the checker refuses are taken out, until the rest has no
/// problems.
/// </summary>
internal sealed class DraftSpec
{
    private const string Start =
        """
        # P.
        protocol p 1
        # L.
        limit line 100
        # L.
        limit error-text 20
        # E.
        error missing-argument "missing argument"
        # E.
        error expected-integer "expected integer"
        # E.
        error expected-signal "expected signal"
        # E.
        error bad-signal-number "bad signal number"
        # E.
        error bad-signal "bad signal"
        # E.
        error unknown-flag "unknown flag {word:text}"
        # E.
        error bad "bad"
        # E.
        error no-descriptor "no descriptor"
        # L.
        enum log-level
          low
          high
        # T.
        type thing: name[1:8]
          missing  "no thing"
          invalid  "bad thing"
          unknown  "which thing?"
          full     "no room"
          constant "hands off"
        # S.
        set style
          bold
          italic
        # E.
        event warning
          text: text
        # E.
        event info
          text: text

        """;

    private readonly StringBuilder _text = new(Start);
    private readonly int _startLines = Start.Split('\n').Length - 1;

    /// <summary>Adds a declaration and its members.</summary>
    public void Add(string declaration, params IEnumerable<string> members)
    {
        _text.Append("# D.\n").Append(declaration).Append('\n');
        foreach (string member in members)
        {
            _text.Append("  ").Append(member).Append('\n');
        }
    }

    /// <summary>The rest of it.</summary>
    public string Valid()
    {
        var lines = new List<string>(_text.ToString().Split('\n'));
        int before = lines.Count;
        while (true)
        {
            var text = SourceText.From(string.Join('\n', lines));
            CompiledSpec compiled = SpecCompiler.Compile("/project/commands.spec", text);
            if (compiled.Model != null)
            {
                // Otherwise nothing would be shown by what compiles.
                Assert.True(lines.Count * 2 > before, $"{lines.Count} of {before} lines are left:\n{text}");
                return text.ToString();
            }

            IEnumerable<int> wrong = compiled.Problems
                .Where(problem => problem.Rule.DefaultSeverity == DiagnosticSeverity.Error)
                .Select(problem => text.Lines.GetLineFromPosition(problem.Span.Start).LineNumber);
            foreach (int line in wrong.Distinct().OrderDescending())
            {
                Assert.True(line >= _startLines, $"line {line + 1} of\n{text}");
                Remove(lines, line);
            }
        }
    }

    // A member alone, a declaration with its comment and members.
    private static void Remove(List<string> lines, int line)
    {
        if (lines[line].StartsWith(' '))
        {
            lines.RemoveAt(line);
            return;
        }

        int first = lines[line - 1].StartsWith('#') ? line - 1 : line;
        int end = line + 1;
        while (end < lines.Count && lines[end].StartsWith(' '))
        {
            end++;
        }

        lines.RemoveRange(first, end - first);
    }
}

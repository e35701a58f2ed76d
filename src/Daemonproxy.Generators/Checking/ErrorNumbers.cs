using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>
/// The numbers of errors: those that the spec states, and for the others, in the order of the file, the next from 1
/// that no error has. So an error that is declared in front of others with a number of its own moves none of them.
/// </summary>
internal sealed class ErrorNumbers
{
    private const int Largest = 65535;
    private readonly Dictionary<string, int> _stated = [];
    private readonly Dictionary<int, string> _taken = [];
    private int _last;

    public ErrorNumbers(Scope scope)
    {
        List<(string Error, (Token Token, int Value)? Number)> errors = [.. scope.Declarations.SelectMany(Errors)];
        var twice = new List<Token>();
        foreach ((string error, (Token Token, int Value)? number) in errors)
        {
            if (number is not { } stated)
            {
                continue;
            }

            if (stated.Value < 1)
            {
                scope.Problems.Report(Rules.NotPositive, stated.Token.Span);
            }
            else if (stated.Value > Largest)
            {
                scope.Problems.Report(Rules.NotANumber, stated.Token.Span, stated.Token.Text, Text(Largest));
            }
            else if (_taken.ContainsKey(stated.Value))
            {
                twice.Add(stated.Token);
            }
            else
            {
                _taken.Add(stated.Value, error);
                _stated[error] = stated.Value;
            }
        }

        // Above every number that is stated, and above those that are counted, which are no more than there are errors.
        int free = _taken.Keys.Append(errors.Count).Max() + 1;
        foreach (Token token in twice)
        {
            int number = int.Parse(token.Text, CultureInfo.InvariantCulture);
            scope.Problems.Report(Rules.NumberTaken, token.Span, token.Text, _taken[number], Text(free));
        }
    }

    /// <summary>The number of an error. Errors are asked for in the order of the file, each once.</summary>
    public int Of(string error)
    {
        if (_stated.TryGetValue(error, out int stated))
        {
            return stated;
        }

        do
        {
            _last++;
        }
        while (_taken.ContainsKey(_last));
        return _last;
    }

    private static IEnumerable<(string Error, (Token Token, int Value)? Number)> Errors(
        DeclarationSyntax declaration) => declaration switch
        {
            MessageSyntax { Keyword.Text: "error" } error => [(error.Name.Text, error.Number)],
            TypeSyntax type => type.Members.Select(text => (type.Name.Text + "." + text.Name.Text, text.Number)),
            _ => [],
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

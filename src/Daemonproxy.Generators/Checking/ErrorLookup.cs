using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>Finds the errors that commands and fields name, and those that base types have by themselves.</summary>
internal sealed class ErrorLookup
{
    private readonly Scope _scope;
    private readonly Dictionary<string, ErrorModel> _errors = [];
    private readonly HashSet<string> _needed = [];

    public ErrorLookup(Scope scope, List<ErrorModel> errors)
    {
        _scope = scope;
        errors.ForEach(error => _errors[error.Name] = error);
    }

    /// <summary>An error named behind <c>fails</c>: any that is declared.</summary>
    public void Check(Token name) => Find(name);

    /// <summary>An error that a field answers with by itself: it can tell the offending word, no more.</summary>
    public ErrorReference? Reference(Token name, bool tellsWord)
    {
        if (Find(name) is not { } error)
        {
            return null;
        }

        if (!Fits(error, tellsWord, out bool takesWord))
        {
            _scope.Problems.Report(Rules.ErrorDoesNotFit, name.Span, name.Text);
        }

        return new ErrorReference(name.Text, takesWord);
    }

    /// <summary>The error that a base type answers with; the spec must declare it if anything uses it.</summary>
    public ErrorReference? WellKnown(string name, TextSpan user, bool tellsWord = false)
    {
        if (!_errors.TryGetValue(name, out ErrorModel? error))
        {
            if (_needed.Add(name))
            {
                _scope.Problems.Report(Rules.ErrorNeeded, user, name);
            }

            return null;
        }

        if (!Fits(error, tellsWord, out bool takesWord) && _needed.Add(name))
        {
            _scope.Problems.Report(Rules.ErrorDoesNotFit, user, name);
        }

        return new ErrorReference(name, takesWord);
    }

    /// <summary>The text that a type has for something, if it has one.</summary>
    public ErrorReference? OfType(string type, string member) =>
        _errors.ContainsKey(type + "." + member) ? new ErrorReference(type + "." + member, false) : null;

    private ErrorModel? Find(Token name)
    {
        if (_errors.TryGetValue(name.Text, out ErrorModel? error) || name.Text.Length == 0)
        {
            return error;
        }

        if (_scope.TellsUnknown("error", name.Text))
        {
            _scope.Problems.Report(Rules.UnknownError, name.Span, name.Text, Suggestion.For(name.Text, _errors.Keys));
        }

        return null;
    }

    private static bool Fits(ErrorModel error, bool tellsWord, out bool takesWord)
    {
        int words = 0;
        int others = 0;
        foreach (MessagePiece piece in error.Pieces)
        {
            words += piece.Type?.Kind == ValueKind.Text ? 1 : 0;
            others += piece.Type != null && piece.Type.Kind != ValueKind.Text ? 1 : 0;
        }

        takesWord = words > 0;
        return others == 0 && words <= (tellsWord ? 1 : 0);
    }
}

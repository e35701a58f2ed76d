using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>Puts an event line together: adjacent literals become one, and the worst case is added up.</summary>
internal sealed class PieceBuilder(string name, Sizes sizes, TextSpan user)
{
    private readonly List<EventPiece> _pieces = [];
    private readonly HashSet<string> _parameters = [];
    private string _literal = name;

    /// <summary>The most bytes that the line can have.</summary>
    public int Longest { get; private set; }

    public void Text(string text) => _literal += text;

    public void Value(string parameter, WireType type, bool isRest = false)
    {
        Add(new EventPiece(PieceKind.Value, "", Unique(parameter), type, isRest));
        Lengthen(sizes.Of(type, user));
    }

    public void NameOrLiteral(string parameter, WireType type, string literal)
    {
        Add(new EventPiece(PieceKind.NameOrLiteral, literal, Unique(parameter), type));
        Lengthen(Math.Max(sizes.Of(type, user), Sizes.OfText(literal)));
    }

    public void Flags(string parameter, WireType type, bool commaFirst)
    {
        PieceKind kind = commaFirst ? PieceKind.CommaThenFlags : PieceKind.FlagsThenComma;
        Add(new EventPiece(kind, "", Unique(parameter), type));
        Lengthen(Sizes.Sum(sizes.Of(type, user), 1));
    }

    /// <summary>The line feed, and then all pieces.</summary>
    public List<EventPiece> Finish()
    {
        Text("\n");
        TakeLiteral();
        return _pieces;
    }

    private void Add(EventPiece piece)
    {
        TakeLiteral();
        _pieces.Add(piece);
    }

    private void Lengthen(int bytes) => Longest = Sizes.Sum(Longest, bytes);

    private void TakeLiteral()
    {
        if (_literal.Length > 0)
        {
            _pieces.Add(EventPiece.Text(_literal));
            Lengthen(Sizes.OfText(_literal));
            _literal = "";
        }
    }

    // Two values in one cell: `flags` and `flags2`.
    private string Unique(string parameter)
    {
        string unique = parameter;
        for (int number = 2; !_parameters.Add(unique); number++)
        {
            unique = parameter + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return unique;
    }
}

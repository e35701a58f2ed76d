using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Control.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Daemonproxy.Control.Top;

/// <summary>A line of the screen: pieces of text in their colours.</summary>
internal sealed class ScreenLine
{
    private static readonly Style _red = new(foreground: Color.Maroon);
    private static readonly Style _yellow = new(foreground: Color.Olive);
    private static readonly Style _bold = new(decoration: Decoration.Bold);

    private readonly List<Segment> _pieces = [];

    public ScreenLine(string text = "", Colour colour = Colour.None) => Add(text, colour);

    /// <summary>Its pieces, from the left.</summary>
    public IReadOnlyList<Segment> Pieces => _pieces;

    /// <summary>The text without colours.</summary>
    public string Text => string.Concat(_pieces.Select(static piece => piece.Text));

    /// <summary>Adds a piece on the right.</summary>
    public ScreenLine Add(string text, Colour colour = Colour.None)
    {
        if (text.Length > 0)
        {
            _pieces.Add(new Segment(text, colour switch
            {
                Colour.Red => _red,
                Colour.Yellow => _yellow,
                Colour.Bold => _bold,
                _ => Style.Plain,
            }));
        }

        return this;
    }

    /// <summary>The text in a number of columns, cut with <c>~</c> or padded with blanks.</summary>
    public static string Fit(string text, int width, bool isRight = false)
    {
        string cut = text.Length <= width ? text : width > 0 ? text[..(width - 1)] + "~" : "";
        return isRight ? cut.PadLeft(width) : cut.PadRight(width);
    }
}

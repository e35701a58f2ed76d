using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Control.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Daemonproxy.Control.Top;

/// <summary>
/// Draws on the alternate screen of a terminal, by xterm's control sequences: only the cells that differ from the
/// previous drawing. The caller flushes the output.
/// </summary>
internal sealed class ScreenPainter : IDisposable
{
    private const string Enter = "\x1b[?1049h\x1b[?25l\x1b[2J";
    private const string Leave = "\x1b[0m\x1b[?25h\x1b[?1049l";

    private readonly Output _output;
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture);
    private readonly IAnsiConsole _console;
    private Cell[,] _drawn = new Cell[0, 0];
    private bool _isEntered;

    public ScreenPainter(Output output)
    {
        _output = output;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(_text),
        });
    }

    /// <summary>Makes the screen show these lines.</summary>
    public void Draw(IReadOnlyList<ScreenLine> lines, int columns, int rows)
    {
        if (!_isEntered || _drawn.GetLength(0) != rows || _drawn.GetLength(1) != columns)
        {
            _drawn = new Cell[rows, columns];
            _output.Write(_isEntered ? "\x1b[0m\x1b[2J" : Enter);
            _isEntered = true;
        }

        List<Segment> changes = [];
        for (int row = 0; row < rows; row++)
        {
            DrawRow(changes, row, row < lines.Count ? lines[row] : null, columns);
        }

        if (changes.Count > 0)
        {
            _console.Write(new Pieces(changes));
            _output.Write(_text.ToString());
            _text.GetStringBuilder().Clear();
        }

    }

    /// <summary>Restores the previous screen.</summary>
    public void Close()
    {
        if (_isEntered)
        {
            _isEntered = false;
            _output.Write(Leave);
        }
    }

    public void Dispose() => _text.Dispose();

    // A run of changed cells is one piece for each style, after a sequence that moves the cursor.
    private void DrawRow(List<Segment> changes, int row, ScreenLine? line, int columns)
    {
        Span<Cell> old = MemoryMarshal.CreateSpan(ref _drawn[row, 0], columns);
        Cell[] cells = CellsOf(line, columns);
        int column = 0;
        while (column < columns)
        {
            if (cells[column] == old[column])
            {
                column++;
                continue;
            }

            int end = column + 1;
            while (end < columns && cells[end] != old[end])
            {
                end++;
            }

            // The second half of a wide character is drawn with the first.
            while (column > 0 && cells[column].Text is "")
            {
                column--;
            }

            changes.Add(Segment.Control(
                string.Create(CultureInfo.InvariantCulture, $"\x1b[{row + 1};{column + 1}H")));
            AddRun(changes, cells.AsSpan(column..end));
            column = end;
        }

        cells.CopyTo(old);
    }

    private void AddRun(List<Segment> changes, ReadOnlySpan<Cell> cells)
    {
        int start = 0;
        var text = new StringBuilder();
        for (int index = 0; index <= cells.Length; index++)
        {
            if (index == cells.Length || !Equals(cells[index].Style, cells[start].Style))
            {
                Style? style = _output.HasColour ? cells[start].Style : null;
                changes.Add(new Segment(text.ToString(), style ?? Style.Plain));
                text.Clear();
                start = index;
            }

            if (index < cells.Length)
            {
                text.Append(cells[index].Text ?? " ");
            }
        }
    }

    // One cell for each column; the second half of a wide character is empty.
    private static Cell[] CellsOf(ScreenLine? line, int columns)
    {
        var cells = new Cell[columns];
        int column = 0;
        foreach (Segment piece in line?.Pieces ?? [])
        {
            Style? style = piece.Style == Style.Plain ? (Style?)null : piece.Style;
            foreach (Rune rune in piece.Text.EnumerateRunes())
            {
                string text = rune.Value == '\t' ? " " : rune.ToString();
                int width = rune.IsAscii ? 1 : new Segment(text).CellCount();
                if (width == 0 && column > 0)
                {
                    cells[column - 1].Text += text;
                }
                else if (width > 0 && column + width <= columns)
                {
                    cells[column] = new Cell { Text = text == " " && style is null ? null : text, Style = style };
                    for (int half = 1; half < width; half++)
                    {
                        cells[column + half] = new Cell { Text = "", Style = style };
                    }

                    column += width;
                }
            }
        }

        return cells;
    }

    /// <summary>The content of a cell: null is a blank without a style.</summary>
    private record struct Cell
    {
        public string? Text { get; set; }

        public Style? Style { get; init; }
    }

    private sealed class Pieces(List<Segment> pieces) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => pieces;
    }
}

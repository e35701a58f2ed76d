using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>
/// The fields of an event line, behind its name: the pieces that the daemon writes, parted at the TABs again.
/// </summary>
internal static class ClientEventColumns
{
    public static List<List<EventPiece>> Of(EventLineModel line)
    {
        var columns = new List<List<EventPiece>> { new() };
        foreach (EventPiece piece in line.Pieces)
        {
            if (piece.Kind != PieceKind.Literal)
            {
                columns[columns.Count - 1].Add(piece);
                continue;
            }

            string[] texts = piece.Literal.TrimEnd('\n').Split('\t');
            for (int index = 0; index < texts.Length; index++)
            {
                if (index > 0)
                {
                    columns.Add([]);
                }

                if (texts[index].Length > 0)
                {
                    columns[columns.Count - 1].Add(EventPiece.Text(texts[index]));
                }
            }
        }

        columns.RemoveAt(0);
        return columns;
    }

    /// <summary>The pieces of a line that become properties.</summary>
    public static List<EventPiece> Values(EventLineModel line)
    {
        var values = new List<EventPiece>();
        foreach (EventPiece piece in line.Pieces)
        {
            if (piece.Type != null)
            {
                values.Add(piece);
            }
        }

        return values;
    }

    /// <summary>
    /// True if a line is nothing but a text for people, which may have TABs in it: an error repeats the line that it is
    /// about.
    /// </summary>
    public static bool IsMessage(EventLineModel line) =>
        line.Case == null && Of(line) is { Count: 1 } columns && columns[0] is { Count: 1 } pieces
        && pieces[0] is { Kind: PieceKind.Value, IsRest: false, Type.Kind: ValueKind.Text };
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Daemonproxy.Load;

/// <summary>Draws measures that were taken for growing numbers: both axes logarithmic, flat is good.</summary>
internal sealed partial class Plot(IReadOnlyList<(string Measure, double Value)> rows)
{
    private const int Width = 720;
    private const int Height = 400;
    private const int Left = 60;
    private const int Right = 190;
    private const int Top = 30;
    private const int Bottom = 50;
    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
    private readonly StringBuilder _svg = new();

    /// <summary>Writes the picture; nothing when there is nothing to draw.</summary>
    public void Write(string path)
    {
        (string Name, (double Count, double Value)[] Points)[] lines = [.. rows
            .Select(row => (Match: Counted().Match(row.Measure), row.Value))
            .Where(row => row.Match.Success)
            .GroupBy(row => row.Match.Groups["what"].Value)
            .Select(group => (group.Key, group.Select(row => (Count(row.Match), row.Value)).ToArray()))];
        if (lines.Length == 0)
        {
            return;
        }

        double[] values = [.. lines.SelectMany(line => line.Points).Select(point => Math.Max(point.Value, 0.01))];
        Axis across = new(1, lines.Max(line => line.Points.Max(point => point.Count)), Left, Width - Right);
        Axis up = new(values.Min(), values.Max(), Height - Bottom, Top);
        Line($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}"
                 font-family="sans-serif" font-size="12">
            <rect width="{Width}" height="{Height}" fill="white"/>
            <text x="{Left}" y="18">CPU time of the daemon in µs, by the number of services that are up</text>
            """);
        foreach (double mark in across.Marks)
        {
            Line($"""<path d="M{across.At(mark):0} {Top}V{Height - Bottom}" stroke="#ddd"/>""");
            Line($"""<text x="{across.At(mark):0}" y="{Height - 30}" text-anchor="middle">{mark:#,0}</text>""");
        }

        foreach (double mark in up.Marks)
        {
            Line($"""<path d="M{Left} {up.At(mark):0}H{Width - Right}" stroke="#ddd"/>""");
            Line($"""<text x="{Left - 6}" y="{up.At(mark) + 4:0}" text-anchor="end">{mark:0.##}</text>""");
        }

        for (int at = 0; at < lines.Length; at++)
        {
            Draw(lines[at].Name, lines[at].Points, s_colours[at % s_colours.Length], across, up);
        }

        Line($"</svg>");
        File.WriteAllText(path, _svg.ToString());
    }

    private void Draw(string name, (double Count, double Value)[] points, string colour, Axis across, Axis up)
    {
        string path = string.Join(
            'L', points.Select(point => Text($"{across.At(point.Count):0.#} {up.At(point.Value):0.#}")));
        (double count, double value) = points[^1];
        Line($"""<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>""");
        Line($"""<text x="{across.At(count) + 8:0}" y="{up.At(value) + 4:0}" fill="{colour}">one {name}</text>""");
    }

    private void Line(FormattableString text) => _svg.Append(Text(text)).Append('\n');

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static double Count(Match match) =>
        double.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?<what>.*), (?<count>[0-9]+) up: ")]
    private static partial Regex Counted();

    /// <summary>A logarithmic axis from one power of ten to another.</summary>
    private sealed class Axis(double least, double most, double from, double to)
    {
        private readonly double _first = Math.Floor(Math.Log10(least));
        private readonly double _last = Math.Max(Math.Ceiling(Math.Log10(most)), Math.Floor(Math.Log10(least)) + 1);

        public IEnumerable<double> Marks =>
            Enumerable.Range((int)_first, (int)(_last - _first) + 1).Select(power => Math.Pow(10, power));

        public double At(double value) => from + ((Math.Log10(value) - _first) / (_last - _first) * (to - from));
    }
}

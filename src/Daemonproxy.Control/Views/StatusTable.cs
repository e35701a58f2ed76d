using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>
/// The table of <c>status</c>: a line for each service, whatever the width. If the terminal is too narrow, LAST END is
/// cut to ten characters, and then RESTARTS, LAST END and SINCE are removed, in this order.
/// </summary>
internal sealed class StatusTable
{
    private const int Gap = 2;
    private const int CutEnd = 10;
    private const int LeastName = 7;
    private const int LeastState = 8;
    private const int LeastPid = 5;
    private const int LeastClock = 8;
    private const int LeastDuration = 6;
    private const int LeastEnd = 21;
    private const string Restarts = "RESTARTS";

    private readonly List<Row> _rows;
    private readonly int _name;
    private readonly int _pid;
    private readonly int _clock;
    private readonly int _duration;
    private int _end;
    private bool _hasRestarts = true;
    private bool _hasEnd = true;
    private bool _hasSince = true;

    public StatusTable(IReadOnlyList<ServiceView> services, ClockText clock)
    {
        _rows = [.. services.Select(service => new Row(service, clock))];
        _name = Width(LeastName, row => row.Name);
        _pid = Width(LeastPid, row => row.Pid);
        _clock = Width(LeastClock, row => row.Clock);
        _duration = Width(LeastDuration, row => row.Duration);
        _end = Width(LeastEnd, row => row.End);
    }

    /// <summary>The columns that are not shown, after <see cref="Fit"/>.</summary>
    public string Hidden => string.Join(", ", new[]
    {
        _hasRestarts ? null : Restarts, _hasEnd ? null : "LAST END", _hasSince ? null : "SINCE",
    }.Where(name => name is not null));

    private int Columns => _name + Gap + LeastState + Gap + _pid
        + (_hasSince ? Gap + _clock + 1 + _duration : 0)
        + (_hasEnd ? Gap + _end : 0)
        + (_hasRestarts ? Gap + Restarts.Length : 0);

    /// <summary>Reduces the table to a width.</summary>
    public void Fit(int columns)
    {
        if (Columns > columns)
        {
            _end = CutEnd;
        }

        _hasRestarts = Columns <= columns;
        _hasEnd = Columns <= columns;
        _hasSince = Columns <= columns;
    }

    /// <summary>Writes the header and the lines.</summary>
    public void Write(Output output)
    {
        output.Write(Header(), Colour.Bold).WriteLine();
        foreach (Row row in _rows)
        {
            output.Write(row.Name).Write(' ', _name - row.Name.Length + Gap)
                .Write(row.State, row.Colour).Write(' ', LeastState - row.State.Length + Gap)
                .Write(' ', _pid - row.Pid.Length).Write(row.Pid);
            WriteRest(output, row);
            output.WriteLine();
        }
    }

    private void WriteRest(Output output, Row row)
    {
        if (_hasSince)
        {
            output.Write(' ', Gap).Write(row.Clock).Write(' ', _clock - row.Clock.Length + 1)
                .Write(' ', _duration - row.Duration.Length).Write(row.Duration);
        }

        if (_hasEnd)
        {
            string end = row.End.Length > _end ? row.End[..(_end - 1)] + "~" : row.End;
            output.Write(' ', Gap).Write(end).Write(' ', _hasRestarts ? _end - end.Length : 0);
        }

        if (_hasRestarts)
        {
            output.Write(' ', Gap + Restarts.Length - row.Restarts.Length).Write(row.Restarts);
        }
    }

    private string Header()
    {
        string line = "NAME".PadRight(_name + Gap) + "STATE".PadRight(LeastState + Gap) + "PID".PadLeft(_pid);
        if (_hasSince)
        {
            line += "  SINCE".PadRight(Gap + _clock + 1 + _duration);
        }

        if (_hasEnd)
        {
            line += "  LAST END".PadRight(Gap + _end);
        }

        return (_hasRestarts ? $"{line}  {Restarts}" : line).TrimEnd();
    }

    private int Width(int least, Func<Row, string> text)
    {
        int width = least;
        foreach (Row row in _rows)
        {
            width = Math.Max(width, text(row).Length);
        }

        return width;
    }

    private sealed class Row(ServiceView service, ClockText clock)
    {
        private const string None = "-";

        public string Name { get; } = service.Name;

        public string State { get; } = service.Word;

        public Colour Colour { get; } = StateWords.ColourOf(service.State);

        public string Pid { get; } = service.Pid?.ToString(CultureInfo.InvariantCulture) ?? None;

        public string Clock { get; } = service.Since is { } since ? clock.Of(since) : None;

        public string Duration { get; } =
            service.Since is { } since ? DurationText.Of(clock.SecondsSince(since)) : "";

        public string End { get; } = service.LastEnd?.Text ?? None;

        public string Restarts { get; } = service.Restarts?.ToString(CultureInfo.InvariantCulture) ?? None;
    }
}

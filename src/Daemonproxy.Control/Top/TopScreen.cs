using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Control.Following;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Top;

/// <summary>The layout of <c>top</c>: lines of text for a number of columns and rows.</summary>
internal sealed class TopScreen
{
    public const int LeastColumns = 60;
    public const int LeastRows = 10;

    private const string Keys =
        " s start  x stop  r restart  k signal  Enter page  / filter  o output  q quit";

    private const int WideColumns = 120;
    private const int CutName = 12;
    private const int MostName = 31;
    private const int StateWidth = 8;
    private const int SinceWidth = 6;
    private const int WordWidth = 11;
    private const int LeastEnd = 10;
    private const int MostEnd = 34;
    private const int UserWidth = 10;
    private const int LeastCommand = 20;
    private const string None = "-";

    // The width of all columns except the name, up to SINCE: the mark, STATE, PID, CPU, MEMORY, PROC, SINCE.
    private const int FixedWidth = 2 + 1 + StateWidth + 8 + 7 + 9 + 6 + 2 + SinceWidth;

    private readonly TopModel _model;
    private readonly ClockText _clock;
    private readonly int _columns;
    private readonly int _rows;
    private readonly int _name;
    private readonly bool _hasSince;
    private readonly int _end;
    private readonly int _command;

    /// <param name="model">The model.</param>
    /// <param name="clock">The time.</param>
    /// <param name="columns">The width of the terminal; the last column stays free.</param>
    /// <param name="rows">Its height.</param>
    public TopScreen(TopModel model, ClockText clock, int columns, int rows)
    {
        (_model, _clock, _columns, _rows) = (model, clock, columns - 1, rows);
        bool isWide = columns >= WideColumns;
        int longest = model.Services.Select(static service => service.Name.Length).DefaultIfEmpty().Max();
        _name = isWide ? Math.Clamp(longest, CutName, MostName) : CutName;
        int left = _columns - FixedWidth - _name - 2;
        _hasSince = left + 2 >= 0;
        _end = left < LeastEnd ? 0 : Math.Min(left, MostEnd);
        int extra = left - _end - (2 + UserWidth) - (2 + "RESTARTS".Length) - 2;
        _command = isWide && extra >= LeastCommand ? extra : 0;
    }

    // 1 on the smallest terminal, 5 on one of 24 lines, 12 on one of 50.
    private int EventRows => _rows < 24 ? Math.Max(1, (_rows - 9) / 3) : Math.Min(12, 5 + ((_rows - 24) * 7 / 26));

    // Title, header, rule, message and keys.
    private int ServiceRows => _rows - 5 - EventRows;

    /// <summary>The header of a column.</summary>
    public static string HeaderOf(TopColumn column) => column switch
    {
        TopColumn.Name => "NAME",
        TopColumn.State => "STATE",
        TopColumn.Pid => "PID",
        TopColumn.Cpu => "CPU",
        TopColumn.Memory => "MEMORY",
        TopColumn.Processes => "PROC",
        _ => "SINCE",
    };

    /// <summary>The lines, from the top.</summary>
    public List<ScreenLine> Lines()
    {
        if (_columns + 1 < LeastColumns || _rows < LeastRows)
        {
            return [new ScreenLine("too small")];
        }

        List<ScreenLine> lines = [new ScreenLine(ScreenLine.Fit(Title(), _columns).TrimEnd())];
        if (_model.Page != TopPage.None)
        {
            AddPage(lines);
        }
        else
        {
            AddServices(lines);
            lines.Add(new ScreenLine($"{new string('-', _columns - 7)} events"));
            AddEvents(lines);
        }

        lines.Add(new ScreenLine(ScreenLine.Fit(_model.Message, _columns).TrimEnd()));
        string last = _model.Question != TopQuestion.None ? _model.QuestionText()
            : _model.Page != TopPage.None ? " Esc back  Up Down PgUp PgDn Home End scroll"
            : Keys;
        lines.Add(new ScreenLine(ScreenLine.Fit(last, _columns).TrimEnd()));
        return lines;
    }

    private string Title()
    {
        string begin = $"dpctl top   {_clock.Of(_clock.Now)}   ";
        if (_model.LostSince is { } lost)
        {
            return $"{begin}no daemon since {lost.Of(lost.Now)}, trying again";
        }

        int well = _model.All.Count(static service => service.Wellness == Wellness.Well);
        int bad = _model.All.Count(static service => service.Wellness == Wellness.Bad);
        int notYet = _model.All.Count - well - bad;
        string counts = $"{well} well" + (notYet > 0 ? $", {notYet} not yet" : "") + (bad > 0 ? $", {bad} failed" : "");
        string end = _model.Filter.Length > 0 ? $"   {counts}, of these /{_model.Filter}" : $"   {counts}";
        string path = VisibleText.Of(_model.Socket);
        int room = Math.Max(1, _columns - begin.Length - end.Length);
        return begin + (path.Length > room ? "~" + path[^(room - 1)..] : path) + end;
    }

    private void AddServices(List<ScreenLine> lines)
    {
        _model.Room = Math.Max(1, ServiceRows);
        lines.Add(Row(null, "", HeaderCells()));
        int top = Math.Clamp(_model.ChosenIndex - _model.Room + 1, 0, Math.Max(0, _model.Services.Count - _model.Room));
        List<ServiceView> shown = [.. _model.Services.Skip(top).Take(_model.Room)];
        foreach (ServiceView service in shown)
        {
            lines.Add(Row(service, service.Name == _model.Chosen ? ">" : "", CellsOf(service)));
        }

        if (_model.Services.Count == 0)
        {
            lines.Add(new ScreenLine(_model.All.Count > 0 ? $"  No service has '{_model.Filter}' in its name."
                : "  No services. (dpctl manage FILE, dpctl run -- PROGRAM)"));
        }

        for (int row = Math.Max(1, shown.Count); row < _model.Room; row++)
        {
            lines.Add(new ScreenLine());
        }
    }

    private void AddEvents(List<ScreenLine> lines)
    {
        List<Change> shown = [.. _model.Events.TakeLast(EventRows)];
        foreach (Change change in shown)
        {
            ScreenLine line = new ScreenLine($"{_clock.Of(change.At),-8}  ")
                .Add($"{ScreenLine.Fit(change.Name, Math.Max(8, Math.Min(change.Name.Length, _name)))} ")
                .Add(change.Word, change.Colour);
            int gap = WordWidth - change.Word.Length;
            int room = _columns - line.Text.Length - gap;
            lines.Add(change.Detail.Length == 0
                ? line
                : line.Add(new string(' ', gap)).Add(ScreenLine.Fit(change.Detail, room).TrimEnd()));
        }

        for (int row = shown.Count; row < EventRows; row++)
        {
            lines.Add(new ScreenLine());
        }
    }

    private void AddPage(List<ScreenLine> lines)
    {
        _model.Room = _rows - 3;
        foreach (string text in _model.PageLines.Skip(_model.PageTop).Take(_model.Room))
        {
            lines.Add(new ScreenLine(text));
        }

        while (lines.Count < _rows - 2)
        {
            lines.Add(new ScreenLine());
        }
    }

    private static List<string> HeaderCells() =>
        ["NAME", "STATE", "PID", "CPU", "MEMORY", "PROC", "SINCE", "LAST END", "USER", "RESTARTS", "COMMAND"];

    private List<string> CellsOf(ServiceView service)
    {
        TreeUse? use = service.Pid is null ? null : _model.Uses.GetValueOrDefault(service.Name);
        string since = service.Since is { } begin ? DurationText.Of(_clock.SecondsSince(begin)) : None;
        return
        [
            service.Name, service.Word, Text(service.Pid),
            use?.Processors is { } processors
                ? string.Create(CultureInfo.InvariantCulture, $"{processors * 100:0}%")
                : None,
            use is null ? None : ByteText.Of(use.Memory),
            use is null ? None : Text(use.Processes),
            since == "under 1 s" ? "< 1 s" : since,
            service.LastEnd?.Text ?? None,
            service.Service.User.Count > 0 ? VisibleText.Of(service.Service.User[0]) : None,
            service.Restarts?.ToString(CultureInfo.InvariantCulture) ?? None,
            ShellWord.Join(service.Service.Args),
        ];
    }

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? None;

    private ScreenLine Row(ServiceView? service, string mark, List<string> cells)
    {
        Colour other = service is null ? Colour.Bold : Colour.None;
        Colour state = service is null ? Colour.Bold : StateWords.ColourOf(service.State);
        ScreenLine line = new ScreenLine(mark.PadRight(2))
            .Add($"{ScreenLine.Fit(cells[0], _name)} ", other)
            .Add(cells[1], state)
            .Add(new string(' ', StateWidth - cells[1].Length));
        string rest = cells[2].PadLeft(8) + cells[3].PadLeft(7) + cells[4].PadLeft(9) + cells[5].PadLeft(6)
            + (_hasSince ? $"  {cells[6].PadRight(SinceWidth)}" : "")
            + (_end > 0 ? $"  {ScreenLine.Fit(cells[7], _end)}" : "")
            + (_command > 0
                ? $"  {ScreenLine.Fit(cells[8], UserWidth)}  {cells[9],8}  {ScreenLine.Fit(cells[10], _command)}"
                : "");
        return line.Add(rest.TrimEnd(), other);
    }
}

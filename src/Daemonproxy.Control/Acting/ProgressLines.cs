using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;

namespace Daemonproxy.Control.Acting;

/// <summary>
/// A line for each service. At a terminal, unfinished lines are rewritten on standard error; the final form of each
/// line goes to standard output.
/// </summary>
internal sealed class ProgressLines : IProgress, IDisposable
{
    private const int NameWidth = 9;
    private const int WordWidth = 11;
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(250);

    private readonly VerbCall _call;
    private readonly Func<string, ServiceView?> _look;
    private readonly Lock _lock = new();
    private readonly List<string> _left = [];
    private readonly SortedDictionary<string, Outcome> _held = new(StringComparer.Ordinal);
    private readonly Timer? _timer;
    private readonly bool _isInOrder;
    private readonly int _nameWidth;
    private readonly long _begin = Environment.TickCount64;
    private int _drawn;

    /// <param name="call">The verb with its streams.</param>
    /// <param name="names">The services.</param>
    /// <param name="isInOrder">True if the final lines are ordered by name, not by the time of their ends.</param>
    /// <param name="look">Returns the current state of a service.</param>
    public ProgressLines(
        VerbCall call, IReadOnlyCollection<string> names, bool isInOrder, Func<string, ServiceView?> look)
    {
        _call = call;
        _look = look;
        _isInOrder = isInOrder;
        _nameWidth = Math.Max(NameWidth, names.Select(name => name.Length + 2).DefaultIfEmpty().Max());
        if (call.Error.IsTerminal)
        {
            _timer = new Timer(_ => Draw(), null, _period, _period);
        }
    }

    /// <summary>Reports that work on a service has begun.</summary>
    public void Begin(string name)
    {
        lock (_lock)
        {
            _left.Add(name);
            _left.Sort(StringComparer.Ordinal);
        }
    }

    /// <summary>Reports the outcome of a service: the final form of its line.</summary>
    public void Finish(Outcome outcome)
    {
        lock (_lock)
        {
            _left.Remove(outcome.Name);
            if (_isInOrder)
            {
                _held[outcome.Name] = outcome;
                Release();
            }
            else
            {
                Show(outcome);
            }
        }
    }

    /// <summary>A line of standard output between the lines of services.</summary>
    public void WriteLine(string line)
    {
        lock (_lock)
        {
            Clear();
            _call.Out.WriteLine(line).Flush();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_lock)
        {
            Clear();
            foreach (Outcome outcome in _held.Values)
            {
                Show(outcome);
            }

            _held.Clear();
        }
    }

    // The finished services whose names precede all unfinished ones.
    private void Release()
    {
        while (_held.Count > 0 && (_left.Count == 0
            || string.CompareOrdinal(_held.First().Key, _left[0]) < 0))
        {
            Outcome outcome = _held.First().Value;
            _held.Remove(outcome.Name);
            Show(outcome);
        }
    }

    private void Show(Outcome outcome)
    {
        Clear();
        _call.Out.Write(outcome.Name.PadRight(_nameWidth)).Write(outcome.Word, outcome.Colour);
        if (outcome.Detail.Length > 0)
        {
            _call.Out.Write(' ', Math.Max(2, WordWidth - outcome.Word.Length)).Write(outcome.Detail);
        }

        _call.Out.WriteLine().Flush();
    }

    private void Draw()
    {
        lock (_lock)
        {
            Clear();
            int most = Math.Max(1, (Kernel.Terminal.SizeOf(2)?.Lines ?? 24) - 2);
            foreach (string name in _left.Take(most))
            {
                ServiceView? view = _look(name);
                string word = view?.Word ?? "gone";
                long seconds = (Environment.TickCount64 - _begin) / 1000;
                _call.Error.Write(name.PadRight(_nameWidth))
                    .Write(word, view is null ? Colour.None : StateWords.ColourOf(view.State))
                    .Write(' ', Math.Max(2, WordWidth - word.Length)).WriteLine(DurationText.Of(seconds));
                _drawn++;
            }

            _call.Error.Flush();
        }
    }

    // Moves the cursor up over the drawn lines, and erases from there on.
    private void Clear()
    {
        if (_drawn > 0)
        {
            _call.Error.Write($"\x1b[{_drawn}A\r\x1b[J").Flush();
            _drawn = 0;
        }
    }
}

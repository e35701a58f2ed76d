using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>Reads lines from a descriptor in a thread of its own and lets a test wait for those it expects.</summary>
internal sealed class LineStream : IDisposable
{
    private readonly Fd _fd;
    private readonly string _what;
    private readonly TimeSpan _patience;
    private readonly Thread _thread;
    private readonly List<string> _lines = [];
    private readonly StringBuilder _unfinished = new();
    private readonly bool _isTerminal;
    private int _next;
    private bool _isEnded;

    /// <param name="fd">Where the lines come from.</param>
    /// <param name="what">The name of the stream, for messages.</param>
    /// <param name="patience">The time to wait for a line; the usual time if not given.</param>
    /// <param name="isTerminal">True if lines end with CR LF.</param>
    public LineStream(Fd fd, string what, TimeSpan? patience = null, bool isTerminal = false)
    {
        _isTerminal = isTerminal;
        _fd = fd;
        _what = what;
        _patience = patience ?? Patience.Usual;
        _thread = new Thread(ReadAll) { IsBackground = true, Name = what };
        _thread.Start();
    }

    /// <summary>Everything read up to now, taken or not, an unfinished last line too.</summary>
    public string All
    {
        get
        {
            lock (_lines)
            {
                return string.Concat(_lines.Select(line => line + "\n")) + _unfinished;
            }
        }
    }

    /// <summary>The next line like this one; those before it are skipped.</summary>
    public string Await(string pattern) =>
        Await(line => Text.Matches(line, pattern), $"a line like {Text.Shown(Text.WithTabs(pattern))}");

    /// <summary>The next line that is wanted; those before it are skipped.</summary>
    public string Await(Predicate<string> isWanted, string description) => AwaitAll(isWanted, description)[^1];

    /// <summary>The lines up to and with the next one that is wanted.</summary>
    public string[] AwaitAll(Predicate<string> isWanted, string description)
    {
        Patience patience = new(_patience);
        lock (_lines)
        {
            for (int at = _next; true; at++)
            {
                while (at >= _lines.Count && !_isEnded && Monitor.Wait(_lines, patience.Left))
                {
                }

                if (at >= _lines.Count)
                {
                    throw new TestFailure($"{_what}: {description} {(_isEnded ? "never" : "not yet")} came", Recent());
                }

                if (isWanted(_lines[at]))
                {
                    string[] all = [.. _lines.Skip(_next).Take(at + 1 - _next)];
                    _next = at + 1;
                    return all;
                }
            }
        }
    }

    /// <summary>Waits for the end of the stream and returns what had not been taken.</summary>
    public string[] AwaitEnd()
    {
        Patience patience = new(_patience);
        lock (_lines)
        {
            while (!_isEnded)
            {
                if (!Monitor.Wait(_lines, patience.Left))
                {
                    throw new TestFailure($"{_what}: the end did not come", Recent());
                }
            }

            string[] rest = [.. _lines.Skip(_next)];
            _next = _lines.Count;
            return rest;
        }
    }

    public void Dispose()
    {
        // It ends when the last writer has gone; one that will not go must not hold up the tests.
        if (_thread.Join(TimeSpan.FromSeconds(5)))
        {
            _fd.Dispose();
        }
    }

    private string Recent() => string.Join('\n', _lines.TakeLast(40).Select(Text.Shown)) + _unfinished;

    private void ReadAll()
    {
        byte[] buffer = new byte[65536];
        int count;
        while ((count = _fd.Read(buffer)) > 0)
        {
            lock (_lines)
            {
                Take(buffer.AsSpan(0, count));
                Monitor.PulseAll(_lines);
            }
        }

        lock (_lines)
        {
            _isEnded = true;
            Monitor.PulseAll(_lines);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            // A terminal ends its lines with CR LF.
            string line = _unfinished + Text.From(bytes[..end]);
            _lines.Add(line.EndsWith('\r') && _isTerminal ? line[..^1] : line);
            _unfinished.Clear();
            bytes = bytes[(end + 1)..];
        }

        _unfinished.Append(Text.From(bytes));
    }
}

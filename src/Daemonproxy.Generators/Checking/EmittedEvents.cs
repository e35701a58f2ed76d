using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>Finds what commands say they emit: an event, a case of one, or a <c>warning.NAME</c>.</summary>
internal sealed class EmittedEvents
{
    private readonly Scope _scope;
    private readonly Dictionary<string, int> _longest = [];

    public EmittedEvents(Scope scope, List<EventModel> events, List<NoticeModel> notices)
    {
        _scope = scope;
        foreach (EventModel @event in events)
        {
            int longest = 0;
            foreach (EventLineModel line in @event.Lines)
            {
                longest = Math.Max(longest, line.Longest);
                if (line.Case != null)
                {
                    _longest[@event.Name + "." + line.Case] = line.Longest;
                }
            }

            _longest[@event.Name] = longest;
        }

        notices.ForEach(notice => _longest[notice.Event + "." + notice.Name] = notice.Longest);
    }

    /// <summary>The most bytes of one such line; 0, and a problem, for what is not declared.</summary>
    public int Longest(Token name)
    {
        if (!_longest.TryGetValue(name.Text, out int longest) && IsTold(name.Text))
        {
            _scope.Problems.Report(
                Rules.UnknownEvent, name.Span, name.Text, Suggestion.For(name.Text, _longest.Keys));
        }

        return longest;
    }

    // An event with a misspelt name is reported once, not for each of its cases.
    private bool IsTold(string name)
    {
        int dot = name.LastIndexOf('.');
        bool isCase = dot > 0 && Suggestion.Nearest(name, _longest.Keys) is { } nearest
            && nearest.EndsWith(name.Substring(dot), StringComparison.Ordinal)
            && !_scope.Others.ContainsKey("event " + name.Substring(0, dot));
        return _scope.TellsUnknown("event", isCase ? name.Substring(0, dot) : name);
    }
}

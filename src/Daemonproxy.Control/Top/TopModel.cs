using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Following;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Top;

/// <summary>The columns by which services can be ordered, from the left.</summary>
internal enum TopColumn
{
    Name,
    State,
    Pid,
    Cpu,
    Memory,
    Processes,
    Since,
}

/// <summary>The questions of the lowest line.</summary>
internal enum TopQuestion
{
    None,

    /// <summary>The confirmation of an action: y or n.</summary>
    Sure,

    /// <summary>The signal for a service.</summary>
    Signal,

    /// <summary>A part of the names, as a filter.</summary>
    Filter,
}

/// <summary>The pages that replace the table.</summary>
internal enum TopPage
{
    None,

    /// <summary>The page of <c>status NAME</c>.</summary>
    Service,

    /// <summary>The end of its output.</summary>
    Output,
}

/// <summary>The actions of keys.</summary>
internal enum TopRequestKind
{
    Start,
    Stop,
    Restart,
    Signal,

    /// <summary>Shows the page of a service.</summary>
    Page,

    /// <summary>Shows its output.</summary>
    Output,
    Quit,
}

/// <summary>An action outside of the model.</summary>
/// <param name="Kind">The action.</param>
/// <param name="Name">The service.</param>
/// <param name="Signal">The typed signal.</param>
internal sealed record TopRequest(TopRequestKind Kind, string Name = "", string Signal = "");

/// <summary>
/// The content of <c>top</c>, and the effects of keys: without terminal, daemon or clock.
/// </summary>
internal sealed class TopModel
{
    private const int MostEvents = 100;

    private readonly ChangeLines _changes = new(static _ => true);
    private readonly List<Change> _events = [];
    private List<ServiceView> _all = [];

    /// <summary>The path of the socket.</summary>
    public required string Socket { get; init; }

    /// <summary>The time since which the daemon is away; null while it is there.</summary>
    public ClockText? LostSince { get; set; }

    /// <summary>The usage of the trees of services.</summary>
    public IReadOnlyDictionary<string, TreeUse> Uses { get; set; } = new Dictionary<string, TreeUse>();

    /// <summary>The services that are shown, in order.</summary>
    public List<ServiceView> Services { get; private set; } = [];

    /// <summary>All services except those that run for others.</summary>
    public IReadOnlyList<ServiceView> All => _all;

    /// <summary>The recent changes, the latest at the end.</summary>
    public IReadOnlyList<Change> Events => _events;

    /// <summary>The selected service; null if none is shown.</summary>
    public string? Chosen { get; private set; }

    /// <summary>The sort column of services that are well; the others are ordered by name.</summary>
    public TopColumn Column { get; private set; } = TopColumn.Cpu;

    /// <summary>The filter of names; empty for all.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>The current question, and the text typed so far.</summary>
    public TopQuestion Question { get; private set; }

    public string Typed { get; private set; } = "";

    /// <summary>The action after a yes.</summary>
    public TopRequest? Pending { get; private set; }

    /// <summary>The result or the error of the last action.</summary>
    public string Message { get; set; } = "";

    public TopPage Page { get; private set; }

    /// <summary>The lines of the page, and the first visible one.</summary>
    public IReadOnlyList<string> PageLines { get; private set; } = [];

    public int PageTop { get; private set; }

    /// <summary>The number of services, or lines of a page, that fit the screen.</summary>
    public int Room { get; set; } = 1;

    /// <summary>The index of the selected service.</summary>
    public int ChosenIndex => Math.Max(0, Services.FindIndex(service => service.Name == Chosen));

    /// <summary>Handles a new state of the daemon.</summary>
    public void Update(StateSnapshot state, Instant now)
    {
        _all = ServiceView.All(state, now).FindAll(static service => !service.IsAside);
        List<Change> changes = _changes.Next(state, now)
            .FindAll(static change => change.Service is not { IsAside: true });

        // The states at the start, by the times of their beginnings.
        _events.AddRange(_events.Count > 0
            ? changes
            : changes.Where(static change => change.Service?.Since is not null)
                .OrderBy(static change => change.At.Value));
        _events.RemoveRange(0, Math.Max(0, _events.Count - MostEvents));
        Arrange();
    }

    /// <summary>Handles the time and new figures.</summary>
    public void Refresh(Instant now)
    {
        _all = _all.ConvertAll(service => new ServiceView(service.Service, now));
        Arrange();
    }

    /// <summary>Shows these lines of a page, from the beginning if it is opened.</summary>
    public void ShowPage(TopPage page, IReadOnlyList<string> lines)
    {
        bool isAtEnd = PageTop >= PageLines.Count - Room;
        bool isSame = Page == page;
        (Page, PageLines) = (page, lines);
        PageTop = page == TopPage.Output && (!isSame || isAtEnd) ? Math.Max(0, lines.Count - Room)
            : isSame ? Math.Clamp(PageTop, 0, Math.Max(0, lines.Count - Room)) : 0;
    }

    /// <summary>Handles a key; returns the action to carry out.</summary>
    public TopRequest? Press(Key key)
    {
        if (LostSince is not null)
        {
            return key == new Key(KeyKind.Character, 'q') ? new TopRequest(TopRequestKind.Quit) : null;
        }

        if (Question != TopQuestion.None)
        {
            return Answer(key);
        }

        Message = "";
        if (Page != TopPage.None)
        {
            return PressOnPage(key);
        }

        if (key.Kind is >= KeyKind.Up and <= KeyKind.End)
        {
            int index = Moved(key.Kind, ChosenIndex, Services.Count);
            Chosen = Services.Count > 0 ? Services[index].Name : null;
            return null;
        }

        return key switch
        {
            { Kind: KeyKind.Escape } => SetFilter(""),
            { Kind: KeyKind.Character, Character: 'q' } => new TopRequest(TopRequestKind.Quit),
            { Kind: KeyKind.Character, Character: '/' } => Ask(TopQuestion.Filter, null, Filter),
            { Kind: KeyKind.Character, Character: '<' } => Order(-1),
            { Kind: KeyKind.Character, Character: '>' } => Order(+1),
            _ => Chosen is { } name ? PressOnService(key, name) : null,
        };
    }

    /// <summary>The question, with the typed text.</summary>
    public string QuestionText() => Question switch
    {
        TopQuestion.Filter => $"/{Typed}",
        TopQuestion.Signal => $"Signal for {Pending!.Name} (HUP, TERM, 9): {Typed}",
        TopQuestion.Sure => $"{Pending!.Kind} {Pending.Name}"
            + $"{NeededBy(Pending.Name)}? y/n",
        _ => "",
    };

    private TopRequest? PressOnService(Key key, string name)
    {
        bool isUp = Services[ChosenIndex].Pid is not null;
        switch (key)
        {
            case { Kind: KeyKind.Enter }:
                return new TopRequest(TopRequestKind.Page, name);
            case { Character: 'o' }:
                return new TopRequest(TopRequestKind.Output, name);
            case { Character: 's' }:
                return new TopRequest(TopRequestKind.Start, name);
            case { Character: 'x' }:
                return Ask(TopQuestion.Sure, new TopRequest(TopRequestKind.Stop, name));
            case { Character: 'r' }:
                return Ask(TopQuestion.Sure, new TopRequest(TopRequestKind.Restart, name));
            case { Character: 'k' } when isUp:
                return Ask(TopQuestion.Signal, new TopRequest(TopRequestKind.Signal, name));
            case { Character: 'k' }:
                Message = $"{name} does not run";
                return null;
            default:
                return null;
        }
    }

    private TopRequest? PressOnPage(Key key)
    {
        switch (key)
        {
            case { Kind: KeyKind.Escape or KeyKind.Enter } or { Character: 'q' }:
                (Page, PageLines, PageTop) = (TopPage.None, [], 0);
                return null;
            case { Kind: >= KeyKind.Up and <= KeyKind.End }:
                PageTop = Moved(key.Kind, PageTop, Math.Max(1, PageLines.Count - Room + 1));
                return null;
            default:
                return null;
        }
    }

    private TopRequest? Answer(Key key)
    {
        if (Question == TopQuestion.Sure)
        {
            TopRequest? pending = key is { Character: 'y' or 'Y' } ? Pending : null;
            return Close(pending);
        }

        switch (key.Kind)
        {
            case KeyKind.Escape:
                Filter = Question == TopQuestion.Filter ? "" : Filter;
                return Close(null);
            case KeyKind.Enter:
                bool isSignal = Question == TopQuestion.Signal && Typed.Length > 0;
                return Close(isSignal ? Pending! with { Signal = Typed } : null);
            case KeyKind.Backspace when Typed.Length > 0:
                Typed = Typed[..^1];
                break;
            case KeyKind.Character when Typed.Length < 31:
                Typed += key.Character;
                break;
        }

        return Question == TopQuestion.Filter ? SetFilter(Typed) : null;
    }

    private TopRequest? Close(TopRequest? request)
    {
        (Question, Pending, Typed) = (TopQuestion.None, null, "");
        Arrange();
        return request;
    }

    private TopRequest? Ask(TopQuestion question, TopRequest? pending, string typed = "")
    {
        (Question, Pending, Typed) = (question, pending, typed);
        return null;
    }

    private TopRequest? SetFilter(string filter)
    {
        Filter = filter;
        Arrange();
        return null;
    }

    private TopRequest? Order(int by)
    {
        int count = Enum.GetValues<TopColumn>().Length;
        Column = (TopColumn)(((int)Column + by + count) % count);
        Message = $"ordered by {TopScreen.HeaderOf(Column)}, those that are not well first";
        Arrange();
        return null;
    }

    private int Moved(KeyKind kind, int index, int count) => Math.Clamp(
        kind switch
        {
            KeyKind.Up => index - 1,
            KeyKind.Down => index + 1,
            KeyKind.PageUp => index - Room,
            KeyKind.PageDown => index + Room,
            KeyKind.Home => 0,
            _ => count - 1,
        },
        0,
        Math.Max(0, count - 1));

    private string NeededBy(string name)
    {
        string[] names =
        [
            .. _all.Where(service => service.Pid is not null && service.Needs.Contains(name))
                .Select(static service => service.Name),
        ];
        return names.Length == 0 ? "" : $", which {Sentence.Join(names)} need{(names.Length == 1 ? "s" : "")}";
    }

    // The selected service stays selected when it moves; if it is gone, the service in its place is selected.
    private void Arrange()
    {
        int index = ChosenIndex;
        Services =
        [
            .. _all
                .Where(service => Filter.Length == 0 || NamePattern.Matches($"*{Filter}*", service.Name))
                .OrderBy(static service => service.Wellness switch
                {
                    Wellness.Bad => 0,
                    Wellness.NotYet => 1,
                    _ => 2,
                })
                .ThenBy(service => service.Wellness == Wellness.Well ? Rank(service) : 0)
                .ThenBy(static service => service.Name, StringComparer.Ordinal),
        ];
        if (!Services.Exists(service => service.Name == Chosen))
        {
            Chosen = Services.Count == 0 ? null : Services[Math.Min(index, Services.Count - 1)].Name;
        }
    }

    // The greatest first; by name, state and number the least.
    private double Rank(ServiceView service) => Column switch
    {
        TopColumn.State => (int)service.State,
        TopColumn.Pid => service.Pid ?? int.MaxValue,
        TopColumn.Cpu => -UseOf(service)?.Processors ?? (service.Pid is null ? 1 : 0),
        TopColumn.Memory => -UseOf(service)?.Memory ?? 1,
        TopColumn.Processes => -UseOf(service)?.Processes ?? 1,
        TopColumn.Since => -service.Since?.Value ?? 1,
        _ => 0,
    };

    private TreeUse? UseOf(ServiceView service) => Uses.GetValueOrDefault(service.Name);
}

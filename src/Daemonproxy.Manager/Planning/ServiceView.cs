using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Manager.Planning;

/// <summary>A service of the daemon: its state and its tag.</summary>
internal class RunView
{
    // Most services are unchanged since the previous plan: their parsed data are kept until they change.
    private static readonly ConditionalWeakTable<ServiceInfo, Lazy<ManagerTag?>> _tags = [];

    public RunView(ServiceName name, ServiceInfo? info)
    {
        Name = name.Text!;
        Info = info;
        OldTag = info is null
            ? null
            : _tags.GetValue(info, static one => new Lazy<ManagerTag?>(ManagerTag.Find(one.Tags))).Value;
        Tag = OldTag ?? new ManagerTag();
        Sent = OldTag;
    }

    public string Name { get; }

    /// <summary>Null if the daemon has no such service.</summary>
    public ServiceInfo? Info { get; }

    /// <summary>The current tag; null if there is none.</summary>
    public ManagerTag? OldTag { get; }

    /// <summary>The new tag.</summary>
    public ManagerTag Tag { get; set; }

    /// <summary>The tag after the commands of the plan so far; null for none.</summary>
    public ManagerTag? Sent { get; set; }

    public bool IsUp => Info?.Phase == ServicePhase.Up;

    /// <summary>It runs, or the daemon is about to start it.</summary>
    public bool IsActive => Info?.Phase is ServicePhase.Up or ServicePhase.Waiting;

    /// <summary>It is being stopped, or kept down.</summary>
    public bool IsHeld => Info?.StoppedSince is not null;

    /// <summary>Its last end; empty if it has not ended since it was last started.</summary>
    public string End => ManagerTag.EndOf(Info);

    /// <summary>It has ended, and the end was not processed yet.</summary>
    public bool HasNewEnd => End.Length > 0 && End != Tag.Ended;

    public bool HasSucceeded => Info is { Phase: ServicePhase.Exited, ExitCode: 0, Failure: null };

    /// <summary>Its end, for people: <c>exit 7 after 1 s</c>.</summary>
    public string EndText
    {
        get
        {
            string how = Info switch
            {
                { Failure: { } failure } => Failure(failure),
                { KilledBy: { } signal } => signal.ToString(),
                { ExitCode: { } code } => string.Create(CultureInfo.InvariantCulture, $"exit {code}"),
                _ => "ended",
            };
            return Info is { Ran: { Value: var ran }, Failure: null } ? $"{how} {Durations.After(ran)}" : how;
        }
    }

    // As dpctl says it: not executed: /opt/report: No such file or directory.
    private static string Failure(ServiceFailedEvent failure)
    {
        string step = failure.Step == StartStep.Execute ? "not executed" : $"not started: {failure.Step.Word()}";
        string what = failure.Text.Length > 0 && failure.Text != "-" ? $": {failure.Text}" : "";
        return $"{step}{what}: {ErrnoText.Of(failure.Reason)}";
    }
}

/// <summary>A service of the file.</summary>
internal sealed class ServiceView : RunView
{
    public ServiceView(ServiceGraph graph, ServiceNode node, StateSnapshot state, Moment now)
        : base(node.Name, state.Services.GetValueOrDefault(node.Name))
    {
        Graph = graph;
        Node = node;
        State = state;
        Now = now;
        Wish = Info is null ? null : Tags.Wish.Find(Info.Tags);
        Pre = node.Pre.IsEmpty ? [] : [.. node.Pre.Select(step => new StepView(step, state))];
        Post = node.Post.IsEmpty ? [] : [.. node.Post.Select(step => new StepView(step, state))];
        Check = node.Check is null ? null : new StepView(node.Check, state);
        Stopper = node.Stop is null ? null : new StepView(node.Stop, state);
        Reloader = node.Reload is null ? null : new StepView(node.Reload, state);
        IsReady = !IsHeld && Definition.Ready switch
        {
            "" => IsUp,
            "check" => IsUp && Tag.CheckedPid == Info!.Pid,
            "exit" => HasSucceeded,
            _ => IsUp && Info!.ReadySince is not null,
        };
    }

    public ServiceGraph Graph { get; }

    public ServiceNode Node { get; }

    public StateSnapshot State { get; }

    public Moment Now { get; }

    public ServiceDefinition Definition => Node.Definition;

    /// <summary>The last request; null if there is none.</summary>
    public Wish? Wish { get; }

    public StepView[] Pre { get; }

    public StepView[] Post { get; }

    public StepView? Check { get; }

    /// <summary>The command that stops it.</summary>
    public StepView? Stopper { get; }

    /// <summary>The command that has it read its own configuration again; dpctl starts it.</summary>
    public StepView? Reloader { get; }

    /// <summary>Services that need it can start.</summary>
    public bool IsReady { get; }

    /// <summary>
    /// The number of the newest request that it runs; 0 if only the file wants it, -1 if it is not wanted.
    /// </summary>
    public long UpNumber { get; set; }

    /// <summary>The file, a request or another service wants it to run.</summary>
    public bool IsWanted { get; set; }

    /// <summary>It and all services that it needs may run.</summary>
    public bool MayRun { get; set; }

    /// <summary>The reason why it has to stop; empty if it may run.</summary>
    public string StopReason { get; set; } = "";

    /// <summary>The daemon has refused one of its settings: it must not start until the file is read again.</summary>
    public bool IsRefused { get; init; }

    /// <summary>It may run, and all its needs are ready.</summary>
    public bool CanStart { get; set; }

    /// <summary>Another service must stop before it.</summary>
    public bool WaitsToStop { get; set; }

    /// <summary>The command before, after or for a stop that is under way; null for none.</summary>
    public StepView? Step => Tag.Phase switch
    {
        ['p', 'r', 'e', .. string number] => At(Pre, number),
        ['p', 'o', 's', 't', .. string number] => At(Post, number),
        Steps.StopPhase => Stopper,
        _ => null,
    };

    /// <summary>The plan starts one of these commands, which the state does not show yet.</summary>
    public bool HasBegunStep { get; set; }

    /// <summary>The plan holds it down, which the state does not show yet.</summary>
    public bool IsHeldByPlan { get; set; }

    /// <summary>It, or a command before or after it, runs.</summary>
    public bool IsBusy => IsActive || Step is { IsActive: true };

    /// <summary>It is ready, or waiting for it is pointless.</summary>
    public bool IsSettled { get; set; }

    /// <summary>A request that was not carried out yet.</summary>
    public bool HasNewWish => Wish is { } wish && wish.Number > Tag.Done;

    private static StepView? At(StepView[] steps, string number) =>
        TagWords.Number(number) is >= 1 and var place && place <= steps.Length ? steps[place - 1] : null;
}

/// <summary>A helper command of a service.</summary>
internal sealed class StepView(StepNode node, StateSnapshot state)
    : RunView(node.Name, state.Services.GetValueOrDefault(node.Name))
{
    public StepNode Node { get; } = node;
}

using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>A service in the graph. Other services are indexes of <see cref="ServiceGraph.Nodes"/>.</summary>
internal sealed class ServiceNode
{
    private const int LongestNeeds = 1500;

    public ServiceNode(ServiceDefinition definition)
    {
        Definition = definition;
        Name = new ServiceName(definition.Name);
        Settings = ServiceSettings.Of(definition);
        DefinedTag = TagOf(definition);
        Fds = string.Join(
            ',',
            Settings.Descriptors.Where(static one => one.Name != "fd.pipe").Select(static one => one.Fields[0]));

        // The daemon starts an on-demand service: its commands are part of its own.
        Pre = definition.StartsOnDemand ? [] : StepsOf("pre", definition.Pre);
        Post = StepsOf("post", definition.Post);
        if (definition.Check is { } check)
        {
            Check = new StepNode($"{definition.Name}.check", new CommandDefinition(check.Command), definition);
        }

        if (definition.StopCommand is { } stop)
        {
            Stop = new StepNode($"{definition.Name}.stop", stop, definition);
        }

        if (definition.ReloadCommand is { } reload)
        {
            Reload = new StepNode($"{definition.Name}.reload", reload, definition);
        }
    }

    public ServiceDefinition Definition { get; }

    public ServiceName Name { get; }

    public ServiceSettings Settings { get; }

    /// <summary>The part of its tag that comes from its definition.</summary>
    public ManagerTag DefinedTag { get; }

    /// <summary>The commands before a start.</summary>
    public ImmutableArray<StepNode> Pre { get; }

    /// <summary>The commands after an end.</summary>
    public ImmutableArray<StepNode> Post { get; }

    /// <summary>The health check; null for none.</summary>
    public StepNode? Check { get; }

    /// <summary>The command that stops it, before its signal; null for none.</summary>
    public StepNode? Stop { get; }

    /// <summary>The command that has it read its own configuration again; null for none.</summary>
    public StepNode? Reload { get; }

    /// <summary>Its name in the daemon, and those of its helper commands.</summary>
    public IEnumerable<string> Names =>
    [
        Name.Text!,
        .. Pre.Select(static step => step.Name.Text!),
        .. Post.Select(static step => step.Name.Text!),
        .. new[] { Check, Stop, Reload }.OfType<StepNode>().Select(static step => step.Name.Text!),
    ];

    /// <summary>Its own descriptors, joined by commas: those of a logger's pipe belong to the logger.</summary>
    public string Fds { get; }

    /// <summary>The services that must be ready before it: needs and binds.</summary>
    public ImmutableArray<int> Needs { get; set; } = [];

    /// <summary>The services that must be up all the time: binds.</summary>
    public ImmutableArray<int> Binds { get; set; } = [];

    /// <summary>The services that are started with it: needs, binds and wants.</summary>
    public ImmutableArray<int> Pulls { get; set; } = [];

    /// <summary>The services that start before it, if they start at all: wants and after.</summary>
    public ImmutableArray<int> After { get; set; } = [];

    /// <summary>The services that stop after it: all of these, and its logger.</summary>
    public ImmutableArray<int> StopsBefore { get; set; } = [];

    // A tag has to fit a line.
    private static string Cut(string names) => names.Length <= LongestNeeds
        ? names
        : names[..names.LastIndexOf(',', LongestNeeds)];

    private static ManagerTag TagOf(ServiceDefinition definition)
    {
        RestartPolicy restart = definition.Restart;
        string when = restart.When switch
        {
            RestartWhen.Always => "always",
            RestartWhen.Never => "never",
            _ => "failure",
        };
        return new ManagerTag
        {
            LogFile = definition.Log.File,
            Needs = Cut(string.Join(',', definition.Needs.Union(definition.Binds))),
            Restart = string.Create(
                CultureInfo.InvariantCulture, $"{when},{restart.First},{restart.Most},{restart.GiveUp}"),
            ReadyWithin = definition.ReadyWithin,
            Stop = StopWay.Of(definition).ToString(),
            Reload = definition.ReloadCommand is null ? definition.ReloadSignal : ManagerTag.ReloadsByCommand,
            IsChecked = definition.Ready == "check",
        };
    }

    private ImmutableArray<StepNode> StepsOf(string word, ImmutableArray<CommandDefinition> commands)
    {
        ImmutableArray<StepNode>.Builder steps = ImmutableArray.CreateBuilder<StepNode>(commands.Length);
        foreach (CommandDefinition command in commands)
        {
            steps.Add(new StepNode($"{Definition.Name}.{word}{steps.Count + 1}", command, Definition));
        }

        return steps.MoveToImmutable();
    }
}

/// <summary>A helper command of a service: before its start, after its end, or its health check.</summary>
/// <param name="text">The name of the service that runs it.</param>
/// <param name="command">The command to run.</param>
/// <param name="service">The service that it runs for.</param>
internal sealed class StepNode(string text, CommandDefinition command, ServiceDefinition service)
{
    public ServiceName Name { get; } = new(text);

    public CommandDefinition Command { get; } = command;

    public ServiceDefinition Service { get; } = service;

    public ServiceSettings Settings { get; } = ServiceSettings.OfStep(text, command, service);
}

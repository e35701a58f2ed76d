using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Tests.Simulation;

/// <summary>Services that depend on each other at random, without cycles.</summary>
internal static class RandomGraph
{
    private static readonly string[] _ready = ["", "", "notify", "fd=3", "exit", "check"];

    /// <summary>A set of services. The same names come again and again, so that two sets share some.</summary>
    public static ServiceSet Make(Random random)
    {
        int count = random.Next(1, 9);
        string[] names = [.. Enumerable.Range(0, 10).Select(number => $"s{number}")];
        random.Shuffle(names);
        List<ServiceDefinition> services = [];
        foreach (string name in names[..count])
        {
            services.Add(Make(name, [.. services.Select(static service => service.Name)], random));
        }

        return new ServiceSet([.. services], new DaemonDefinition());
    }

    private static ServiceDefinition Make(string name, string[] before, Random random)
    {
        string ready = _ready[random.Next(_ready.Length)];
        RestartWhen when = (RestartWhen)(name[1] % 3);
        if (when == RestartWhen.Always && ready == "exit")
        {
            // It would never come to rest.
            ready = "";
        }

        // Always the same for a name: what clients have started is not judged by another file.
        bool isOnDemand = name is "s3" or "s7";
        return new ServiceDefinition(name)
        {
            Listeners = isOnDemand ? [new ListenerDefinition($"{name}.in", "-", "tcp:*:80")] : [],
            StartsOnDemand = isOnDemand,
            Command = ["program", $"{random.Next(3)}"],
            Ready = ready,
            ReadyWithin = random.Next(3) == 0 ? random.Next(2, 8) : 0,
            StopTimeout = random.Next(1, 4),
            StopsTree = random.Next(3) == 0,
            StopCommand = random.Next(4) == 0 ? new CommandDefinition(["stop"]) : null,
            ReloadCommand = random.Next(5) == 0 ? new CommandDefinition(["reload", $"{random.Next(3)}"]) : null,
            Needs = Some(before, random),
            Binds = random.Next(4) == 0 ? Some(before, random) : [],
            Wants = random.Next(3) == 0 ? Some(before, random) : [],
            After = random.Next(3) == 0 ? Some(before, random) : [],
            Pre = random.Next(4) == 0 ? [.. Commands(random)] : [],
            Post = random.Next(4) == 0 ? [.. Commands(random)] : [],
            Check = ready == "check" || random.Next(5) == 0
                ? new CheckDefinition(["check"]) { Every = random.Next(2, 6), Timeout = 2, Fails = 2 }
                : null,
            Restart = new RestartPolicy
            {
                // Always the same for a name: what has ended under one policy is not judged by another one later.
                When = when,
                First = random.Next(1, 3),
                Most = random.Next(3, 9),
                Reset = 5,
                GiveUp = random.Next(3) == 0 ? random.Next(1, 4) : 0,
            },
            IsDisabled = random.Next(8) == 0,
            Log = new LogDefinition { Logger = before.Length > 0 && random.Next(5) == 0 ? before[0] : "" },
        };
    }

    private static IEnumerable<CommandDefinition> Commands(Random random) =>
        Enumerable.Range(0, random.Next(1, 3)).Select(static number => new CommandDefinition(["step", $"{number}"]));

    private static ImmutableArray<string> Some(string[] names, Random random) =>
        [.. names.Where(_ => random.Next(3) == 0)];
}

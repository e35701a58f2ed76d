using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Import.Writing;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Files;
using Daemonproxy.Manager.Planning;

namespace Daemonproxy.Import.Model;

/// <summary>
/// Turns the imported services into a file that the manager accepts: it sets names and dependencies and cuts cycles. A
/// service that the manager still refuses becomes a comment.
/// </summary>
internal static class SetFinisher
{
    public static ImportResult Finish(ImportedSet set)
    {
        ServiceNames.Assign(set.Services);
        set.Services.ForEach(FieldTexts.Clean);
        Resolve(set);
        while (true)
        {
            DropRefused(set);
            BreakCircles(set);
            var writer = ServicesWriter.Write(set);
            if (!Refuse(writer))
            {
                int notes = set.Notes.Count + set.Services.Sum(static service => service.Notes.Count);
                return new ImportResult(
                    writer.Text, set.Services.Count(static service => !service.IsRefused), notes);
            }
        }
    }

    // From original names to new names.
    private static void Resolve(ImportedSet set)
    {
        Dictionary<string, ImportedService> services = new(StringComparer.Ordinal);
        foreach (ImportedService service in set.Services)
        {
            services.TryAdd(service.Original, service);
        }

        foreach (ImportedService service in set.Services)
        {
            foreach (List<Dependency> list in ListsOf(service))
            {
                for (int index = 0; index < list.Count; index++)
                {
                    list[index] = Resolve(list[index]);
                }

                list.RemoveAll(other => other.Target == service.Name);
            }

            service.Logger = service.Logger is { } logger ? Resolve(logger) : null;
            Simplify(service);
        }

        Dependency Resolve(Dependency other)
        {
            string target = set.Aliases.GetValueOrDefault(other.Target, other.Target);
            return other with
            {
                Target = services.TryGetValue(target, out ImportedService? found) ? found.Name : $"?{other.Target}",
            };
        }
    }

    // A need is a want and an order, and a want is an order.
    private static void Simplify(ImportedService service)
    {
        HashSet<string> stronger = new(StringComparer.Ordinal);
        foreach (List<Dependency> list in ListsOf(service).Reverse())
        {
            list.RemoveAll(other => stronger.Contains(other.Target));
            stronger.UnionWith(list.Select(static other => other.Target));
        }
    }

    // Dependencies on missing services.
    private static void DropRefused(ImportedSet set)
    {
        var there = set.Services.Where(static service => !service.IsRefused)
            .Select(static service => service.Name).ToHashSet(StringComparer.Ordinal);
        foreach (ImportedService service in set.Services)
        {
            foreach (List<Dependency> list in ListsOf(service))
            {
                foreach (Dependency gone in list.Where(other => !there.Contains(other.Target)))
                {
                    service.Not(gone.Place, gone.Text, $"{gone.Target.TrimStart('?')} was not carried over");
                }

                list.RemoveAll(other => !there.Contains(other.Target));
            }

            if (service.Logger is { } logger && !there.Contains(logger.Target))
            {
                service.Not(logger.Place, logger.Text, "its logger was not carried over");
                service.Logger = null;
            }
        }
    }

    private static void BreakCircles(ImportedSet set)
    {
        while (ServiceGraph.FindCycle([.. set.Services.Where(static one => !one.IsRefused).Select(Definition)])
            is { IsEmpty: false } circle)
        {
            var members = circle.ToHashSet(StringComparer.Ordinal);
            string text = string.Join(" waits for ", circle);
            (ImportedService Service, List<Dependency> List, Dependency Other)? weakest = null;
            int least = int.MaxValue;
            for (int index = 0; index + 1 < circle.Length; index++)
            {
                ImportedService service = set.Services.First(one => !one.IsRefused && one.Name == circle[index]);
                List<Dependency>[] lists = ListsOf(service);
                for (int kind = 0; kind < lists.Length; kind++)
                {
                    foreach (Dependency other in lists[kind].Where(one => one.Target == circle[index + 1]))
                    {
                        int weight = other.IsOrdered ? lists.Length + kind : kind;
                        if (weight < least)
                        {
                            (least, weakest) = (weight, (service, lists[kind], other));
                        }
                    }
                }
            }

            if (weakest is not { } edge)
            {
                // Through a logger, which cannot wait for the services whose output it reads.
                CutLogger(set, members, text);
                continue;
            }

            edge.List.Remove(edge.Other);
            ImportedService pulled = set.Services.First(one => one.Name == edge.Other.Target);
            bool startsAlone = !edge.Other.IsOrdered && pulled.IsDisabled && !edge.Service.IsDisabled;
            pulled.IsDisabled &= !startsAlone;
            edge.Service.Not(
                edge.Other.Place,
                edge.Other.Text,
                startsAlone ? $"a circle: {text}; {pulled.Name} is started on its own" : $"a circle: {text}");
        }
    }

    private static void CutLogger(ImportedSet set, HashSet<string> members, string text)
    {
        ImportedService service = set.Services.First(
            one => members.Contains(one.Name) && one.Logger is { } logger && members.Contains(logger.Target));
        service.Not(service.Logger!.Place, service.Logger.Text, $"a circle: {text}");
        service.Logger = null;
    }

    private static ServiceDefinition Definition(ImportedService service) => new(service.Name)
    {
        Needs = Targets(service.Needs),
        Binds = Targets(service.Binds),
        Wants = Targets(service.Wants),
        After = Targets(service.After),
        Log = new LogDefinition { Logger = service.Logger?.Target ?? "" },
    };

    private static ImmutableArray<string> Targets(List<Dependency> others) =>
        [.. others.Select(static other => other.Target)];

    // From the weakest to the strongest.
    private static List<Dependency>[] ListsOf(ImportedService service) =>
        [service.After, service.Wants, service.Needs, service.Binds];

    // The manager reads the written file; a service that it refuses becomes a comment.
    private static bool Refuse(ServicesWriter writer)
    {
        bool hasRefused = false;
        foreach (Problem problem in ServicesFile.Parse("/services.toml", writer.Text).Problems)
        {
            if (problem.Severity == Severity.Error && writer.OwnerOf(problem.Line) is { IsRefused: false } service)
            {
                service.Refuse(service.Place, service.Original, problem.Message);
                hasRefused = true;
            }
        }

        return hasRefused;
    }
}

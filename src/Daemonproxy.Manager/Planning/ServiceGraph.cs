using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Daemonproxy.Manager.Definitions;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Manager.Planning;

/// <summary>
/// The services and their dependencies, ordered so that each comes after all that start before it.
/// </summary>
internal sealed class ServiceGraph
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    /// <param name="set">Services without unknown references and without a cycle: see <see cref="FindCycle"/>.</param>
    /// <exception cref="ArgumentException">There is a cycle, or a reference to an unknown service.</exception>
    public ServiceGraph(ServiceSet set)
    {
        Set = set;
        Nodes = [.. Order(set.Services).Select(static service => new ServiceNode(service))];
        for (int place = 0; place < Nodes.Length; place++)
        {
            ServiceNode node = Nodes[place];
            _places.Add(node.Definition.Name, place);
            Names.UnionWith(node.Names);
            Fds.UnionWith(node.Settings.Descriptors.Select(static command => command.Fields[0]));
        }

        foreach (ServiceNode node in Nodes)
        {
            ServiceDefinition service = node.Definition;
            node.Binds = Places(service.Binds);
            node.Needs = Places(service.Needs, service.Binds);
            node.Pulls = Places(service.Needs, service.Binds, service.Wants);
            node.After = Places(service.Wants, service.After);
            string logger = service.Log.Logger;
            node.StopsBefore = Places(
                service.Needs,
                service.Binds,
                service.Wants,
                service.After,
                logger.Length > 0 && logger != service.Name ? [logger] : []);
        }
    }

    /// <summary>No service.</summary>
    public static ServiceGraph Empty { get; } = new(ServiceSet.Empty);

    public ServiceSet Set { get; }

    public ImmutableArray<ServiceNode> Nodes { get; }

    /// <summary>The names of all services of the daemon that belong to this graph, and that of the manager.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal) { ManagerMark.Service };

    /// <summary>The names of the descriptors that services of this graph have.</summary>
    public HashSet<string> Fds { get; } = new(StringComparer.Ordinal);

    /// <summary>The index of a service; -1 if there is none of that name.</summary>
    public int Find(string name) => _places.GetValueOrDefault(name, -1);

    /// <summary>
    /// The services of a cycle in which each starts after the next one, the first one named again at the end; empty if
    /// there is no cycle. Unknown names are ignored.
    /// </summary>
    public static ImmutableArray<string> FindCycle(ImmutableArray<ServiceDefinition> services)
    {
        List<string> path = [];
        _ = Order(services, path);
        return [.. path];
    }

    private static List<ServiceDefinition> Order(ImmutableArray<ServiceDefinition> services)
    {
        List<string> cycle = [];
        List<ServiceDefinition> order = Order(services, cycle);
        return cycle.Count == 0
            ? order
            : throw new ArgumentException($"They wait for each other: {string.Join(", ", cycle)}.", nameof(services));
    }

    // Depth first, with a stack on the heap, so that a chain of a thousand services does not exhaust the thread's
    // stack.
    private static List<ServiceDefinition> Order(ImmutableArray<ServiceDefinition> services, List<string> cycle)
    {
        var byName = services.ToDictionary(static service => service.Name, StringComparer.Ordinal);
        var finished = new HashSet<string>(StringComparer.Ordinal);
        var open = new HashSet<string>(StringComparer.Ordinal);
        List<ServiceDefinition> order = [];
        Stack<(ServiceDefinition Service, IEnumerator<string> Names)> stack = new();
        foreach (ServiceDefinition root in services)
        {
            Enter(root);
            while (stack.TryPeek(out (ServiceDefinition Service, IEnumerator<string> Names) top))
            {
                if (!top.Names.MoveNext())
                {
                    stack.Pop();
                    open.Remove(top.Service.Name);
                    finished.Add(top.Service.Name);
                    order.Add(top.Service);
                }
                else if (open.Contains(top.Names.Current))
                {
                    string first = top.Names.Current;
                    cycle.AddRange(stack.Select(static one => one.Service.Name).Reverse()
                        .SkipWhile(name => name != first));
                    cycle.Add(first);
                    return order;
                }
                else if (byName.TryGetValue(top.Names.Current, out ServiceDefinition? next))
                {
                    Enter(next);
                }
            }
        }

        return order;

        void Enter(ServiceDefinition service)
        {
            if (!finished.Contains(service.Name))
            {
                open.Add(service.Name);
                stack.Push((service, Before(service).GetEnumerator()));
            }
        }
    }

    // A logger is started first, too, but no service waits for it: the pipe holds the output.
    private static IEnumerable<string> Before(ServiceDefinition service) =>
        service.Needs.Concat(service.Binds).Concat(service.Wants).Concat(service.After)
            .Concat(service.Log.Logger == service.Name ? [] : [service.Log.Logger]);

    private ImmutableArray<int> Places(params ReadOnlySpan<ImmutableArray<string>> lists)
    {
        var places = new SortedSet<int>();
        foreach (ImmutableArray<string> names in lists)
        {
            foreach (string name in names)
            {
                places.Add(_places.TryGetValue(name, out int place)
                    ? place
                    : throw new ArgumentException($"There is no service {name}.", nameof(lists)));
            }
        }

        return [.. places];
    }
}

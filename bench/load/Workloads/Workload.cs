using System.Text;

namespace Daemonproxy.Load.Workloads;

/// <summary>A kind of work, the same for every daemon.</summary>
internal abstract class Workload(string name, string unit, string description)
{
    public string Name => name;

    /// <summary>What the costs are told per.</summary>
    public string Unit => unit;

    public string Description => description;

    /// <summary>All there are, in their usual order.</summary>
    public static Workload[] All(Settings settings) =>
    [
        new Echo(), new Tags(), new Define(), new Dump(), new Spawn(settings.Program), new Idle(settings.IdleSeconds),
    ];

    /// <summary>What is done before the measuring starts.</summary>
    public abstract void Prepare(Session session);

    /// <summary>What is measured; how many units it was, 0 for work that is none.</summary>
    public abstract int Run(Session session);

    /// <summary>One text of many lines.</summary>
    protected static string Lines(int count, System.Func<int, string> line)
    {
        StringBuilder text = new();
        for (int at = 0; at < count; at++)
        {
            text.Append(line(at)).Append('\n');
        }

        return text.ToString();
    }
}

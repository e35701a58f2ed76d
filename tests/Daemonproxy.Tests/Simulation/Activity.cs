using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The amount of activity in random conversations: one without activity breaks nothing.</summary>
internal readonly record struct Activity(
    long Commands, long Spawns, long FailedSpawns, long Reaps, long Overflows, long Crashes, long MostControllers,
    long Turns, long Reexecs)
{
    public static Activity Of(SimWorld world)
    {
        State.Statistics statistics = world.Running.Statistics;
        return new Activity(
            statistics[Counter.Commands],
            statistics[Counter.Spawns],
            statistics[Counter.SpawnsFailed],
            statistics[Counter.ReapsServices],
            statistics[Counter.Overflows],
            statistics[Counter.Crashes],
            statistics[Counter.ControllersMost],
            statistics[Counter.Turns],
            statistics[Counter.Reexecs]);
    }

    public static Activity operator +(Activity a, Activity b) => new(
        a.Commands + b.Commands,
        a.Spawns + b.Spawns,
        a.FailedSpawns + b.FailedSpawns,
        a.Reaps + b.Reaps,
        a.Overflows + b.Overflows,
        a.Crashes + b.Crashes,
        a.MostControllers + b.MostControllers,
        a.Turns + b.Turns,
        a.Reexecs + b.Reexecs);

    /// <summary>True if the activity is what can be expected of so many conversations.</summary>
    public bool IsMuch(int conversations) =>
        Commands > 50 * conversations && Spawns > 8 * conversations && FailedSpawns > conversations
        && Reaps > 5 * conversations && Crashes * 10 > conversations && MostControllers > conversations
        && Overflows * 50 > conversations && Reexecs * 20 > conversations;
}

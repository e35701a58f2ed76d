using System;
using System.Text;
using System.Threading.Tasks;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Tests.Lifecycles;

/// <summary>The life of a service as a table, so that a person can check every case.</summary>
public sealed class LifecycleMatrixTests
{
    private const LifecycleEffects HeapEffects = LifecycleEffects.Arm | LifecycleEffects.Disarm;

    [Fact]
    public async Task EveryStateAndEvent()
    {
        StringBuilder text = new("What follows when something happens to a service in a state: the next state and the"
            + " effects;\n`.` is nothing, `!` is an error.\n");
        foreach (LifecycleEvent happened in Enum.GetValues<LifecycleEvent>())
        {
            text.Append('\n').Append(happened).Append('\n');
            foreach (ServiceState state in Enum.GetValues<ServiceState>())
            {
                if (state != ServiceState.None)
                {
                    LifecycleStep step = Lifecycle.Next(state, happened);
                    text.Append("  ").Append(state.ToString().PadRight(8)).Append(' ').Append(Show(state, step));
                    text.Append('\n');
                }
            }
        }

        await Verifier.Verify(text.ToString());
    }

    [Fact]
    public void AnErrorChangesNothing() => ForEach((state, _, step) =>
    {
        if (step.Error != ErrorId.None)
        {
            Assert.Equal(state, step.Next);
            Assert.Equal(LifecycleEffects.None, step.Effects);
        }
    });

    [Fact]
    public void AChangeIsAnnouncedExceptTheEndOfAll() => ForEach((state, _, step) =>
    {
        if (step.Next != state && step.Next != ServiceState.None)
        {
            Assert.True(step.Effects.HasFlag(LifecycleEffects.Announce));
        }
    });

    [Fact]
    public void ADeadlineIsInTheHeapExactlyWhileAStartWaits() => ForEach((state, _, step) =>
    {
        bool waits = step.Next == ServiceState.Waiting;
        bool arms = step.Effects.HasFlag(LifecycleEffects.Arm);
        bool disarms = step.Effects.HasFlag(LifecycleEffects.Disarm);
        Assert.NotEqual(HeapEffects, step.Effects & HeapEffects);
        Assert.True(!arms || waits);
        Assert.Equal(state == ServiceState.Waiting && !waits, disarms);
        Assert.True(state == ServiceState.Waiting || !waits || arms);
    });

    private static string Show(ServiceState state, LifecycleStep step)
    {
        if (step.Error != ErrorId.None)
        {
            return "! " + step.Error;
        }

        bool nothing = step.Next == state && step.Effects == LifecycleEffects.None;
        return nothing ? "." : step.Effects == LifecycleEffects.None ? $"{step.Next}" : $"{step.Next}: {step.Effects}";
    }

    private static void ForEach(Action<ServiceState, LifecycleEvent, LifecycleStep> check)
    {
        foreach (ServiceState state in Enum.GetValues<ServiceState>())
        {
            foreach (LifecycleEvent happened in Enum.GetValues<LifecycleEvent>())
            {
                if (state != ServiceState.None)
                {
                    check(state, happened, Lifecycle.Next(state, happened));
                }
            }
        }
    }
}

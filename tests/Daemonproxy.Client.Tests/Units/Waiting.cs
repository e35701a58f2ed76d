using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Xunit;

namespace Daemonproxy.Client.Tests.Units;

/// <summary>Waiting for a state.</summary>
public class Waiting
{
    private readonly List<Action> _dumps = [];
    private readonly DaemonState _state;

    public Waiting() => _state = new DaemonState((whenDone, _) =>
    {
        _dumps.Add(whenDone);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task APredicateThatBlocksHoldsUpNobody()
    {
        Complete();
        using var gate = new ManualResetEventSlim();
        Task<StateSnapshot> blocked = _state.WaitAsync(now =>
        {
            gate.Wait();
            return now.Services.ContainsKey("b");
        });
        Tell("a", "1");
        Tell("b", "1");
        await _state.WaitAsync("b", b => b?.Tags is ["1"], Patience.Token);
        Assert.False(blocked.IsCompleted);
        gate.Set();
        await blocked.Within();
    }

    [Fact]
    public async Task APredicateIsCalledForTheServicesThatItNames()
    {
        Complete();
        List<TextList> seen = [];
        Task<StateSnapshot> wait = _state.WaitAsync(["a", "c"], now =>
        {
            seen.Add(now.Services.GetValueOrDefault("a")?.Tags ?? default);
            return now.Services.ContainsKey("c");
        });
        for (int number = 0; number < 100; number++)
        {
            Tell("b", $"{number}");
        }

        Tell("a", "1");
        _state.Apply(new EventSlot(new FdStateDeletedEvent("f")));
        Tell("c", "1");
        await wait.Within();
        Assert.Equal([default, ["1"], ["1"]], seen);
    }

    [Fact]
    public async Task NoChangeIsLeftOut()
    {
        Complete();
        List<TextList> seen = [];
        Task<ServiceInfo?> wait = _state.WaitAsync("a", a =>
        {
            seen.Add(a?.Tags ?? default);
            return a?.Tags is ["999"];
        });
        for (int number = 0; number < 1000; number++)
        {
            Tell("a", $"{number}");
        }

        Assert.Equal(["999"], (await wait.Within())!.Tags);
        Assert.Equal(1001, seen.Count);
    }

    [Fact]
    public async Task AHalfHealedModelIsNotShown()
    {
        Complete(() => Tell("a", "1"));
        StateSnapshot before = _state.Current;
        Task<StateSnapshot> wait = _state.WaitAsync(now => !now.Services.ContainsKey("a"));
        _state.Apply(new EventSlot(new OverflowEvent()));
        Assert.False(_state.IsComplete);
        _ = _state.RefreshAsync();
        Tell("b", "1");
        Assert.Equal(before, _state.Current);
        Assert.False(_state.IsComplete);
        Assert.False(wait.IsCompleted);
        _dumps[^1]();
        Assert.True(_state.IsComplete);
        Assert.Equal<ServiceName>(["b"], _state.Current.Services.Keys);
        await wait.Within();
    }

    [Fact]
    public void ADumpThatBeganBeforeALossHealsNothing()
    {
        Complete();
        _ = _state.RefreshAsync();
        Action old = _dumps[^1];
        _state.Interrupt();
        old();
        Assert.False(_state.IsComplete);
        Complete();
        Assert.True(_state.IsComplete);
    }

    [Fact]
    public async Task TheExceptionOfAPredicateReachesItsCaller()
    {
        Complete();
        await Assert.ThrowsAsync<FormatException>(
            () => _state.WaitAsync(_ => throw new FormatException()).Within());
        Tell("a", "1");
        await _state.WaitAsync("a", a => a is not null).Within();
    }

    private void Complete(Action? during = null)
    {
        _ = _state.RefreshAsync();
        during?.Invoke();
        _dumps[^1]();
    }

    private void Tell(string service, string tag) => _state.Apply(new EventSlot(new ServiceTagsEvent(service, [tag])));
}

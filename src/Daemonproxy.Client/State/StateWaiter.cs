using System;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>Somebody who waits for a state of some kind.</summary>
internal sealed class StateWaiter(Func<StateSnapshot, bool> isWanted)
{
    private readonly TaskCompletionSource<StateSnapshot> _found =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the state that was wanted.</summary>
    public Task<StateSnapshot> Task => _found.Task;

    /// <summary>True if the wait is over: the predicate holds, or it threw.</summary>
    public bool TryFinish(StateSnapshot state)
    {
        try
        {
            return isWanted(state) && _found.TrySetResult(state);
        }
#pragma warning disable CA1031 // It is the caller's, who is told; the thread that reads goes on.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            _found.TrySetException(problem);
            return true;
        }
    }

    public void Fail(Exception end) => _found.TrySetException(end);
}

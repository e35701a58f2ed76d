using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Daemonproxy.Client;

/// <summary>A command that was sent and is not answered yet.</summary>
internal sealed class PendingCommand(
    string name, Func<DaemonEvent, bool> isAnswer, Func<DaemonEvent, bool>? isStreamed)
{
    private readonly TaskCompletionSource<DaemonEvent> _answer =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<DaemonEvent> _streamed = [];

    public Task<DaemonEvent> Task => _answer.Task;

    /// <summary>The events that came before the answer.</summary>
    public IReadOnlyList<DaemonEvent> Streamed => _streamed;

    public bool IsDone => _answer.Task.IsCompleted;

    /// <summary>Takes an event; false if it is not for this command.</summary>
    /// <param name="received">The event.</param>
    /// <param name="error">The text of the error that the event is, or null.</param>
    public bool Take(DaemonEvent received, string? error)
    {
        if (error is not null)
        {
            Fail(new CommandFailedException(name, error));
            return true;
        }

        if (isAnswer(received))
        {
            _answer.TrySetResult(received);
            return true;
        }

        bool isMine = isStreamed?.Invoke(received) == true;
        if (isMine)
        {
            _streamed.Add(received);
        }

        return isMine;
    }

    public void Fail(Exception exception) => _answer.TrySetException(exception);
}

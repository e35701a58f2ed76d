using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>A command that was sent and is not known to be done.</summary>
/// <param name="name">Its name; null for a marker alone, which cannot fail.</param>
/// <param name="isAnswer">Which events are answers of it; null for none.</param>
/// <param name="whenDone">What is to happen when it is done, before any later line is looked at.</param>
internal sealed class PendingCommand(string? name, Func<DaemonEvent, bool>? isAnswer, Action? whenDone = null)
{
    private readonly TaskCompletionSource<CommandResult> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private List<string>? _warnings;
    private List<DaemonEvent>? _answers;
    private string? _error;
    private SafeFileHandle? _descriptor;

    /// <summary>Its place in the order of all commands.</summary>
    public long Number { get; set; }

    /// <summary>Ends when the command is done, failed, or can no longer be known to be.</summary>
    public Task<CommandResult> Task => _done.Task;

    /// <summary>True if the command asks for the end of the connection.</summary>
    public bool EndsConnection => name is "exit" or "terminate";

    /// <summary>True if an overflow ends the command: a new program in the daemon's place announces one.</summary>
    public bool CausesOverflow => name is "reexec";

    /// <summary>Takes what was told while it was run; whether that was for nobody else.</summary>
    public bool Hear(DaemonEvent heard, SafeFileHandle? descriptor = null)
    {
        if (descriptor is not null && name is "fd.give")
        {
            _descriptor?.Dispose();
            _descriptor = (SafeFileHandle)DescriptorSender.Duplicate(descriptor);
        }

        switch (heard)
        {
            case ErrorEvent error:
                _error ??= error.Text;
                return true;
            case WarningEvent warning:
                (_warnings ??= []).Add(warning.Text);
                return true;
        }

        if (isAnswer?.Invoke(heard) == true)
        {
            (_answers ??= []).Add(heard);
        }

        return false;
    }

    public void Finish()
    {
        if (name is not null && _error is not null)
        {
            _descriptor?.Dispose();
            _done.TrySetException(new CommandFailedException(name, _error));
            return;
        }

        whenDone?.Invoke();
        _done.TrySetResult(new CommandResult([.. _warnings ?? []], _answers ?? []) { Descriptor = _descriptor });
    }

    /// <summary>It was run, and something of its answer may be lost; but not an error that was heard.</summary>
    public void Lose()
    {
        if (name is null || _error is not null || _descriptor is not null)
        {
            Finish();
        }
        else
        {
            Fail(new AnswerLostException(name));
        }
    }

    public void Fail(Exception exception)
    {
        _descriptor?.Dispose();
        _done.TrySetException(exception);
    }
}

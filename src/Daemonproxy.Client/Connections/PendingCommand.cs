using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>A command in progress.</summary>
/// <param name="command">The command; null for a marker alone, which cannot fail.</param>
/// <param name="whenDone">The action when it is done, before any later line is handled.</param>
/// <param name="retry">
/// Called before the command fails because its answer will not come; returns true if the command is sent again.
/// </param>
internal sealed class PendingCommand(
    DaemonCommand? command, Action? whenDone = null, Func<PendingCommand, Exception, bool>? retry = null)
    : TaskCompletionSource<CommandResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    private readonly SafeHandle? _sent = command?.Descriptor is { } sent ? DescriptorSender.Duplicate(sent) : null;
    private List<string>? _warnings;
    private List<DaemonEvent>? _answers;
    private string? _error;
    private SafeFileHandle? _given;

    /// <summary>Its place in the order of all commands of the connection.</summary>
    public long Number { get; set; }

    /// <summary>The command's line with its line feed; empty for a marker alone.</summary>
    public ReadOnlySpan<byte> Line => command is null ? default : command.Line;

    /// <summary>A duplicate of the descriptor that is sent; the caller may have closed the original.</summary>
    public SafeHandle? Sent => _sent;

    /// <summary>True if the command ends the connection.</summary>
    public bool EndsConnection => command?.Name is "exit" or "terminate";

    /// <summary>True if an overflow completes the command: after an upgrade the daemon announces one.</summary>
    public bool CausesOverflow => command?.Name is "reexec";

    /// <summary>
    /// Waits for completion or cancellation. A cancelled command drops its answer, and is not sent again.
    /// </summary>
    public async Task<CommandResult> WaitAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (command, token) => ((PendingCommand)command!).TrySetCanceled(token), this);
        return await Task.ConfigureAwait(false);
    }

    /// <summary>True if <see cref="Handle"/> does something with an event. From any thread.</summary>
    public bool Takes(DaemonEvent received, SafeFileHandle? descriptor) =>
        descriptor is not null || received is ErrorEvent or WarningEvent
        || command?.IsAnswer?.Invoke(received) == true;

    /// <summary>Handles an event that came while the command ran; returns true if no one else gets the event.</summary>
    public bool Handle(DaemonEvent received, SafeFileHandle? descriptor = null)
    {
        if (descriptor is not null && command?.Name is "fd.give")
        {
            _given?.Dispose();
            _given = (SafeFileHandle)DescriptorSender.Duplicate(descriptor);
        }

        switch (received)
        {
            case ErrorEvent error:
                _error ??= error.Text;
                return true;
            case WarningEvent warning:
                (_warnings ??= []).Add(warning.Text);
                return true;
        }

        if (command?.IsAnswer?.Invoke(received) == true)
        {
            (_answers ??= []).Add(received);
        }

        return false;
    }

    /// <summary>Handles its marker.</summary>
    public void Finish()
    {
        _sent?.Dispose();
        if (command is not null && _error is not null)
        {
            _given?.Dispose();
            TrySetException(new CommandFailedException(command.Name, _error));
            return;
        }

        whenDone?.Invoke();
        CommandResult result = _warnings is null && _answers is null && _given is null
            ? CommandResult.Empty
            : new CommandResult([.. _warnings ?? []], _answers, _given);
        if (!TrySetResult(result))
        {
            _given?.Dispose();
        }
    }

    /// <summary>Handles a partly lost answer. An error that was received still counts.</summary>
    public void Lose()
    {
        if (command is null || _error is not null || _given is not null)
        {
            Finish();
        }
        else
        {
            Fail(new AnswerLostException(command.Name));
        }
    }

    /// <summary>Handles a lost answer: the command is sent again, or fails.</summary>
    public void Fail(Exception exception)
    {
        _given?.Dispose();
        _given = null;
        _warnings = null;
        _answers = null;
        _error = null;
        if (!Task.IsCompleted && retry?.Invoke(this, exception) == true)
        {
            return;
        }

        _sent?.Dispose();
        TrySetException(exception);
    }
}

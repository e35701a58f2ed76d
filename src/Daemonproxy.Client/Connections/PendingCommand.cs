using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Client;

/// <summary>A command that was called and is not known to be done.</summary>
/// <param name="command">The command; null for a marker alone, which cannot fail.</param>
/// <param name="whenDone">What is to happen when it is done, before any later line is looked at.</param>
/// <param name="retry">
/// Asked before the command fails because its answer will not come: true if the command is called again.
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

    /// <summary>A duplicate of the descriptor that goes along, whatever has become of that.</summary>
    public SafeHandle? Sent => _sent;

    /// <summary>True if the command asks for the end of the connection.</summary>
    public bool EndsConnection => command?.Name is "exit" or "terminate";

    /// <summary>True if an overflow ends the command: a new program in the daemon's place announces one.</summary>
    public bool CausesOverflow => command?.Name is "reexec";

    /// <summary>
    /// Waits for the end, or until it is cancelled: then the answer is dropped, and it is not called again.
    /// </summary>
    public async Task<CommandResult> WaitAsync(CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(
            static (command, token) => ((PendingCommand)command!).TrySetCanceled(token), this);
        return await Task.ConfigureAwait(false);
    }

    /// <summary>Takes what was told while it was run; whether that was for nobody else.</summary>
    public bool Hear(DaemonEvent heard, SafeFileHandle? descriptor = null)
    {
        if (descriptor is not null && command?.Name is "fd.give")
        {
            _given?.Dispose();
            _given = (SafeFileHandle)DescriptorSender.Duplicate(descriptor);
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

        if (command?.IsAnswer?.Invoke(heard) == true)
        {
            (_answers ??= []).Add(heard);
        }

        return false;
    }

    /// <summary>Its marker came back.</summary>
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

    /// <summary>It was run, and something of its answer may be lost; but not an error that was heard.</summary>
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

    /// <summary>There will be no answer. It is called again, or fails.</summary>
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

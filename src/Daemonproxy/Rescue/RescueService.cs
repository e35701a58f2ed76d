using System;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.Signals;
using Daemonproxy.State;

namespace Daemonproxy.Rescue;

/// <summary>
/// A way into a machine whose process 1 has nothing else to do: the service <c>rescue</c> on the console. The commands
/// that define it run like those of a config file. See docs/INIT.md.
/// </summary>
internal sealed class RescueService(
    SystemCalls kernel,
    DaemonSettings settings,
    ShutdownState shutdown,
    PendingSignals signals,
    ServiceTable services,
    ConnectionTable connections,
    ControlSockets sockets,
    HelperTable helpers,
    Log log) : EventSource, IHelperOwner
{
    // The kernel had no process for a helper, or there is no slot for a connection.
    private const int RetrySeconds = 1;

    // The signals of systemd and LXC for rescue and emergency mode.
    private const int RescueSignal = Signal.SIGRTMIN + 1;
    private const int EmergencySignal = Signal.SIGRTMIN + 2;

    private Instant _next = Instant.None;

    /// <summary>
    /// True if the daemon is in a container, whose engine can see the exit code: the kernel refuses
    /// ctrl-alt-del there. Set at each start of a process image.
    /// </summary>
    public bool IsContained { get; set; }

    /// <summary>Starts the service as soon as possible, for this reason, which is logged. Only as process 1.</summary>
    public void Request(RescueReason reason)
    {
        if (settings.IsInit && settings.Rescue == 0)
        {
            settings.SetRescue((byte)reason);
            LogMessages.Rescue(log, reason.Text());
        }
    }

    /// <summary>The program that is executed instead of exiting could not be executed.</summary>
    public void NoteFailedEnd() => Request(RescueReason.ExecOnExitFailed);

    /// <summary>The last config file is read: whether something is left that can be done with the daemon.</summary>
    /// <param name="config">The connection of the config file.</param>
    public void NoteConfigEnd(Connection config)
    {
        if (services.Used == 0 && !sockets.IsListening && !connections.HasOther(config))
        {
            Request(RescueReason.EmptyConfig);
        }
    }

    public override Instant PrepareWait(Instant now) =>
        settings.Rescue == 0 ? Instant.Never : _next.IsNone ? now : _next;

    public override void Run(TurnStep step, ref Instant now)
    {
        if (step == TurnStep.Signals)
        {
            bool isAsked = settings.IsInit && (signals.HasNews(RescueSignal) || signals.HasNews(EmergencySignal));
            if (isAsked && !HasReader())
            {
                Request(RescueReason.Signal);
            }
        }
        else if (settings.Rescue != 0 && _next <= now)
        {
            Begin(now);
        }
    }

    void IHelperOwner.Finish(HelperSlot slot, ref HelperAnswer answer, Instant now)
    {
        ReadOnlySpan<byte> program = slot.FoundText;
        Errno reason = answer.Reason;
        if (settings.Rescue == 0)
        {
            return;
        }

        // It was killed before it had an answer.
        if (reason == Errno.EINTR)
        {
            _next = now;
            return;
        }

        if (reason == Errno.None && !program.IsEmpty)
        {
            LineWriter text = new(stackalloc byte[RescueText.Longest]);
            RescueText.WriteDefinition(ref text, program);
            Feed(text.Written, now);
            return;
        }

        if (reason != Errno.None)
        {
            LogMessages.NoRescueConsole(log, reason);
        }
        else
        {
            LogMessages.NoRescueProgram(log);
        }

        bool isAlone = services.Used == 0 && !sockets.IsListening && !connections.HasOther(null);
        settings.SetRescue(0);
        if (IsContained && isAlone)
        {
            shutdown.Release();
            shutdown.End(ExitCode.BadEnvironment, "there is no way in"u8);
        }
    }

    private void Begin(Instant now)
    {
        _next = now + new Seconds(RetrySeconds);
        Name.TryParse(RescueText.ServiceName, FixedName.Longest, out Name name);
        if (services.TryFind(name, out ServiceIndex service) && services.HasArgs(service))
        {
            Feed(RescueText.StartConfigured, now);
        }
        else
        {
            LineWriter texts = new(stackalloc byte[RescueText.Longest]);
            RescueText.WriteSearch(ref texts, (RescueReason)settings.Rescue, settings.HasRescueShell);
            bool isPrepared = helpers.TryPrepare(HelperTask.FindRescue, texts.Written, out HelperSlot slot);
            bool isStarted = isPrepared && helpers.Start(slot, HelperRecord.NoConnection) == Errno.None;
            _next = isStarted ? Instant.Never : _next;
        }
    }

    // As a config file: through a pipe, which has room for the whole text.
    private void Feed(ReadOnlySpan<byte> text, Instant now)
    {
        _next = now + new Seconds(RetrySeconds);
        if (!connections.HasFreeSlot || kernel.Pipe(out FdNumber reader, out FdNumber writer) != Errno.None)
        {
            return;
        }

        int sent = 0;
        kernel.Write(writer, text, ref sent);
        kernel.Close(writer);
        Connection? connection = sent < text.Length
            ? null
            : connections.TryOpen(ConnectionKind.Config, reader, FdNumber.None, isOutputShared: false);
        if (connection is null)
        {
            kernel.Close(reader);
            return;
        }

        connection.SetSource(RescueText.ServiceName, FdBlocking.Unknown, isBehind: false);
        settings.SetRescue(0);
    }

    private bool HasReader()
    {
        foreach (Connection connection in connections.Used)
        {
            if (connection.IsInUse && !connection.Record.Output.IsNone)
            {
                return true;
            }
        }

        return false;
    }
}

using System;
using System.Collections.Generic;
using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Time;

namespace Daemonproxy.Controllers;

/// <summary>
/// All controllers: who is connected, what is read from and written to them, and who is told what. The audience of all
/// state changes, and where services get connections of their own.
/// </summary>
internal sealed unsafe class ControllerTable : IAudience, IServiceConnections
{
    /// <summary>
    /// Seconds that a controller may be blocked before its events are discarded, and before it is closed.
    /// </summary>
    private const int DefaultReset = 15;
    private const int DefaultClose = 30;
    private readonly Kernel _kernel;
    private readonly Statistics _statistics;
    private readonly Log _log;
    private readonly Region<ControllerRecord> _records;
    private readonly ByteRegion _inboxes;
    private readonly ByteRegion _outboxes;
    private readonly Controller[] _controllers;
    private readonly FixedArray<byte> _scratch;
    private int _end;

    public ControllerTable(Kernel kernel, StateImage image, Statistics statistics, Log log)
    {
        _kernel = kernel;
        _statistics = statistics;
        _log = log;
        _records = new Region<ControllerRecord>(image, RegionId.Controllers);
        _inboxes = new ByteRegion(image, RegionId.Inboxes);
        _outboxes = new ByteRegion(image, RegionId.Outboxes);
        _scratch = new FixedArray<byte>(kernel, Answers.LongestLine);
        _controllers = new Controller[_records.Count];
        for (int index = 0; index < _controllers.Length; index++)
        {
            _controllers[index] = new Controller(index, _records, _inboxes, _outboxes, statistics, log);
        }
    }

    /// <summary>Every slot, in use or not.</summary>
    public ReadOnlySpan<Controller> All => _controllers;

    /// <summary>The slots up to the last one in use: those behind it need not be looked at.</summary>
    public ReadOnlySpan<Controller> Used => _controllers.AsSpan(0, _end);

    /// <summary>Whether another controller can connect.</summary>
    public bool HasFreeSlot => FreeSlot() is not null;

    public bool TryReserve() => _records.TryReserve(_records.Count - 1);

    /// <summary>A connection of this kind; null when no slot is free or there is no memory for its buffers.</summary>
    public Controller? TryOpen(ControllerKind kind, FdNumber input, FdNumber output, bool isOutputShared)
    {
        Controller? controller = FreeSlot();
        if (controller is null || !_inboxes.TryReserve(controller.Index) || !_outboxes.TryReserve(controller.Index))
        {
            return null;
        }

        _kernel.Identify(input, out FdIdentity inputIdentity);
        _kernel.Identify(output, out FdIdentity outputIdentity);
        using (Change<ControllerRecord> change = controller.Change())
        {
            change.Record = new ControllerRecord
            {
                Kind = kind,
                Generation = change.Record.Generation + 1,
                Input = input,
                Output = output,
                IsOutputShared = isOutputShared,
                InputIdentity = inputIdentity,
                OutputIdentity = outputIdentity,
                BlockedSince = Instant.None,
                ResetSeconds = DefaultReset,
                CloseSeconds = DefaultClose,
            };
            _records.Pass(CrashPoint.ControllerChange);
        }

        CountUsed();
        return controller;
    }

    /// <summary>Closes a connection at once, with both its descriptors.</summary>
    public void Drop(Controller controller)
    {
        FdNumber input = controller.Record.Input;
        FdNumber output = controller.Record.Output;
        PassedFds.CloseLeftovers(_kernel, _log, controller);
        controller.InputWatch.Stop(_kernel);
        controller.OutputWatch.Stop(_kernel);
        using (Change<ControllerRecord> change = controller.Change())
        {
            change.Record = new ControllerRecord { Generation = change.Record.Generation };
        }

        if (!input.IsNone)
        {
            _kernel.CloseKeepingStandard(input);
        }

        if (!output.IsNone && output != input)
        {
            _kernel.CloseKeepingStandard(output);
        }

        CountUsed();
    }

    public EventLine Begin() => new(_scratch.Span);

    public void Tell(scoped in EventLine line)
    {
        foreach (Controller controller in Used)
        {
            if (controller.IsInUse)
            {
                controller.Tell(line.Written);
            }
        }
    }

    public Errno TryOpen(bool socket, bool events, bool commands, out ServiceEnds ends, out int connection)
    {
        ends = ServiceEnds.None;
        connection = -1;
        if (!HasFreeSlot)
        {
            return Errno.EAGAIN;
        }

        FdNumber input = FdNumber.None;
        FdNumber output = FdNumber.None;
        Errno errno = socket
            ? OpenSocket(ref input, ref output, ref ends)
            : OpenPipes(events, commands, ref input, ref output, ref ends);
        if (errno == Errno.None)
        {
            Controller? controller = TryOpen(ControllerKind.Service, input, output, isOutputShared: false);
            connection = controller?.Index ?? -1;
            errno = controller is null ? Errno.ENOMEM : Errno.None;
        }

        if (errno != Errno.None)
        {
            CloseEnds(ends);
            Close(input);
            Close(output == input ? FdNumber.None : output);
            ends = ServiceEnds.None;
        }

        return errno;
    }

    public void Settle(int connection, ServiceEnds ends)
    {
        CloseEnds(ends);
        StateDump.BeginSignals(_controllers[connection]);
    }

    public void Abandon(int connection, ServiceEnds ends)
    {
        CloseEnds(ends);
        Drop(_controllers[connection]);
    }

    /// <summary>
    /// After a resume: connections whose descriptors are still what they were, and nobody else's, go on; the others are
    /// dropped. The one that was being changed comes last: what it says and another one says, too, is the other one's.
    /// </summary>
    /// <param name="quarantine">Is told of those that are dropped.</param>
    /// <param name="others">The descriptors that nobody can have sent, being somebody else's.</param>
    public void Rebuild(Quarantine quarantine, HashSet<int> others)
    {
        ControllerCheck check = new(_kernel, others);
        int suspect = _records.Suspect;
        foreach (Controller controller in _controllers)
        {
            if (controller.Index != suspect)
            {
                Rebuild(controller, check, quarantine);
            }
        }

        if ((uint)suspect < (uint)_controllers.Length)
        {
            Rebuild(_controllers[suspect], check, quarantine);
        }

        CountUsed();
    }

    private static void Rebuild(Controller controller, ControllerCheck check, Quarantine quarantine)
    {
        Flaw flaw = controller.IsInUse ? check.FindFlaw(controller.Record) : Flaw.None;
        controller.MayHaveLine = flaw == Flaw.None;
        if (flaw != Flaw.None)
        {
            quarantine.Add(RecordKind.Controller, controller.Index, flaw);
            using Change<ControllerRecord> change = controller.Change();
            change.Record = new ControllerRecord { Generation = change.Record.Generation };
        }
    }

    /// <summary>The most descriptors that a connection has: its ends, and what was sent along.</summary>
    public const int MostNumbers = 2 + PassedNumbers.Most;

    /// <summary>Adds the numbers of all descriptors of connections, for the closing of all others.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        foreach (Controller controller in _controllers)
        {
            if (!controller.Record.Input.IsNone && controller.IsInUse)
            {
                into[count++] = controller.Record.Input;
            }

            if (!controller.Record.Output.IsNone && controller.IsInUse)
            {
                into[count++] = controller.Record.Output;
            }

            for (int passed = 0; passed < controller.Record.PassedCount && controller.IsInUse; passed++)
            {
                into[count++] = controller.Record.Passed[passed];
            }
        }

        return count;
    }

    private Errno OpenSocket(ref FdNumber input, ref FdNumber output, ref ServiceEnds ends)
    {
        Errno errno = _kernel.SocketPair(SocketShape.UnixStream, out FdNumber ours, out FdNumber theirs);
        if (errno == Errno.None)
        {
            input = ours;
            output = ours;
            ends = new ServiceEnds(theirs, theirs);
            errno = _kernel.SetNonblocking(ours, true);
        }

        return errno;
    }

    private Errno OpenPipes(
        bool events, bool commands, ref FdNumber input, ref FdNumber output, ref ServiceEnds ends)
    {
        Errno errno = Errno.None;
        if (events)
        {
            errno = _kernel.Pipe(out FdNumber theirs, out output);
            ends = ends with { Events = errno == Errno.None ? theirs : FdNumber.None };
            output = errno == Errno.None ? output : FdNumber.None;
            errno = errno == Errno.None ? _kernel.SetNonblocking(output, true) : errno;
        }

        if (commands && errno == Errno.None)
        {
            errno = _kernel.Pipe(out input, out FdNumber theirs);
            ends = ends with { Commands = errno == Errno.None ? theirs : FdNumber.None };
            input = errno == Errno.None ? input : FdNumber.None;
            errno = errno == Errno.None ? _kernel.SetNonblocking(input, true) : errno;
        }

        return errno;
    }

    private void CloseEnds(ServiceEnds ends)
    {
        Close(ends.Commands);
        Close(ends.Events == ends.Commands ? FdNumber.None : ends.Events);
    }

    private void Close(FdNumber fd)
    {
        if (!fd.IsNone)
        {
            _kernel.Close(fd);
        }
    }

    private Controller? FreeSlot()
    {
        foreach (Controller controller in _controllers)
        {
            if (!controller.IsInUse)
            {
                return controller;
            }
        }

        return null;
    }

    private void CountUsed()
    {
        int used = 0;
        _end = 0;
        foreach (Controller controller in _controllers)
        {
            if (controller.IsInUse)
            {
                used++;
                _end = controller.Index + 1;
            }
        }

        _statistics.Use(Counter.ControllersUsed, Counter.ControllersMost, used);
    }
}

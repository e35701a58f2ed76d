using System;
using System.Collections.Generic;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Startup;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// Checks every record of an image, quarantines those that make no sense, and lets the tables compute their indexes
/// from the others.
/// </summary>
/// <param name="kernel">The system calls that know files and children.</param>
/// <param name="daemon">The components over the image.</param>
/// <param name="isParent">False on a copy of the image, in a child: it cannot know the children of the daemon.</param>
internal sealed class ImageValidator(SystemCalls kernel, DaemonComponents daemon, bool isParent)
{
    /// <summary>The records that were quarantined.</summary>
    public QuarantineList Quarantine { get; } = new();

    /// <summary>
    /// The descriptors in use that belong to no connection: named ones, the control socket, the image.
    /// </summary>
    public HashSet<int> OtherDescriptors { get; } = [];

    /// <summary>Checks all regions. A record that refers to another region comes after that region.</summary>
    public void Run()
    {
        CheckSettings();
        CheckOne(RecordKind.Log, SingleRecordChecks.Find(daemon.Log.Record), daemon.Log.Reset);
        CheckCounters();
        CheckSignals();
        CheckTable(daemon.Access, RecordKind.Access, new AccessCheck(daemon.Access));
        CheckTable(
            daemon.Fds,
            RecordKind.Descriptor,
            new DescriptorCheck(kernel, daemon.Fds, daemon.Access, OtherDescriptors));
        CheckTable(
            daemon.Services,
            RecordKind.Service,
            new ServiceCheck(
                kernel, daemon.Services, daemon.Access, OtherDescriptors, isParent, daemon.Image.Header.Reaped.Pid));
        CheckTable(
            daemon.NotifyTable,
            RecordKind.Notify,
            new NotifyCheck(kernel, daemon.NotifyTable, OtherDescriptors, daemon.Services.Capacity));
        CheckSockets();
        OtherDescriptors.Add(daemon.Image.Fd.Value);
        CheckTable(
            daemon.LaunchSlots,
            RecordKind.Launch,
            new LaunchCheck(kernel, daemon.LaunchSlots, OtherDescriptors, daemon.Services.HighWater));
        CheckTable(
            daemon.Helpers, RecordKind.Helper, new HelperCheck(daemon.Helpers, daemon.Connections.All.Length));
        CheckTable(
            daemon.Connections,
            RecordKind.Controller,
            new ConnectionCheck(kernel, daemon.Connections, daemon.Access, OtherDescriptors));
        CheckOne(
            RecordKind.Reexecution,
            SingleRecordChecks.Find(daemon.UpgradeSequence.Record, daemon.Connections.All.Length),
            daemon.UpgradeSequence.Reset);
        daemon.UpgradeSequence.ReleaseOthers();
    }

    private void CheckSettings()
    {
        Instant started = daemon.Settings.Started;
        bool isTime = !started.IsNone && started.IsPlausible;
        CheckOne(
            RecordKind.Setting,
            isTime ? QuarantineReason.None : QuarantineReason.Time,
            () => daemon.Settings.SetStarted(kernel.Now()));

        // An argument may have any byte but this one.
        CheckOne(
            RecordKind.Setting,
            daemon.ShutdownState.ExecArgs.Contains((byte)0) ? QuarantineReason.Text : QuarantineReason.None,
            () => daemon.ShutdownState.SetExec(default));
    }

    private void CheckCounters()
    {
        for (int counter = 0; counter < CounterRecord.Capacity; counter++)
        {
            if (daemon.Statistics[(Counter)counter] < 0)
            {
                Quarantine.Add(RecordKind.Counter, counter, ((Counter)counter).Text(), QuarantineReason.Number);
                daemon.Statistics.Reset((Counter)counter);
            }
        }
    }

    private void CheckSignals()
    {
        for (int signal = 0; signal <= Signal.Highest; signal++)
        {
            QuarantineReason reason = SingleRecordChecks.Find(daemon.Signals.CountsOf(signal));
            if (reason != QuarantineReason.None)
            {
                Quarantine.Add(RecordKind.Signal, signal, new Signal(signal).Text, reason);
                daemon.Signals.Reset(signal);
            }
        }

        daemon.Signals.Refresh();
    }

    private void CheckSockets()
    {
        foreach (ControlSocket socket in daemon.Sockets.All)
        {
            QuarantineReason reason = SingleRecordChecks.Find(socket.Record, kernel);
            reason = daemon.Access.Exists(socket.Access) ? reason : QuarantineReason.Access;
            CheckOne(RecordKind.ControlSocket, reason, socket.Forget);
            OtherDescriptors.Add(socket.Listener.Value);
        }

        daemon.Sockets.CountUsed();
    }

    // A region of one record: a record that makes no sense is begun anew.
    private void CheckOne(RecordKind kind, QuarantineReason reason, Action reset)
    {
        if (reason != QuarantineReason.None)
        {
            Quarantine.Add(kind, 0, reason);
            reset();
        }
    }

    // The record that was being changed comes last: of two records that claim the same thing it is the wrong one.
    private void CheckTable(IRecordTable table, RecordKind kind, IRecordCheck check)
    {
        int end = table.BeginRebuild();
        int suspect = table.Suspect;
        for (int at = 0; at < end; at++)
        {
            int index = table.IsRebuiltFromEnd ? end - 1 - at : at;
            if (index != suspect)
            {
                CheckRecord(table, kind, check, index);
            }
        }

        if ((uint)suspect < (uint)end)
        {
            CheckRecord(table, kind, check, suspect);
        }

        table.EndRebuild();
    }

    private void CheckRecord(IRecordTable table, RecordKind kind, IRecordCheck check, int index)
    {
        bool isFree = table.IsFree(index);
        QuarantineReason reason = isFree ? QuarantineReason.None : check.Find(index);
        if (reason != QuarantineReason.None)
        {
            Quarantine.Add(kind, index, table.NameOf(index), reason);
        }

        if (isFree || reason != QuarantineReason.None)
        {
            table.Drop(index);
        }
        else
        {
            table.Keep(index);
        }
    }
}

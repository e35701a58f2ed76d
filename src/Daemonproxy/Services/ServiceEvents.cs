using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The events that state a service: a row for each event that its record requires.</summary>
internal static class ServiceEvents
{
    // The lines before are those of every service.
    private const int FirstSetting = 5;
    private const uint RowsOfAll = (1u << FirstSetting) - 1;

    /// <summary>The lines that can restate a service. The image counts them.</summary>
    public const int Rows = 22;

    // The rows of what is no text of its own, from the first one behind the settings that are texts.
    private const int ListenRow = 15;
    private const int ReadyRow = 16;
    private const int StopRow = 17;
    private const int FailedRow = 18;
    private const int IsReadyRow = 19;
    private const int StatusRow = 20;
    private const int EmptyRow = 21;

    // The tags of the settings that are texts, in the order of their rows.
    private const uint SettingTags = (1u << (ListenRow - FirstSetting)) - 1;

    /// <summary>
    /// The lines that restate a service, a bit for each, from bit 0: settings have one only where they differ from
    /// their defaults, and a failure only where the last start failed.
    /// </summary>
    public static uint RowsOf(ServiceTable services, ServiceIndex index)
    {
        ref readonly ServiceRecord record = ref services[index];

        // Nearly all services have nothing of their own here: one test finds that out. Bit 0 is the status.
        uint tags = services.TextTags(index, ServiceTextTag.Status);
        bool isOrdinary = (tags | (uint)record.FailedStep | (byte)record.Ready | record.Store | (byte)record.Tree) == 0
            & !(record.Listens | record.IsHeld | record.IsStopping | record.IsReady);
        return isOrdinary ? RowsOfAll : OwnRowsOf(record, tags);
    }

    private static uint OwnRowsOf(in ServiceRecord record, uint tags) =>
        RowsOfAll | (((tags >> 1) & SettingTags) << FirstSetting)
        | Bit(record.Listens, ListenRow)
        | Bit(record.Ready != ReadyWay.None || record.Store != 0, ReadyRow)
        | Bit(record.IsHeld | record.IsStopping, StopRow)
        | Bit(record.FailedStep != LaunchStep.None, FailedRow)
        | Bit(record.IsReady, IsReadyRow)
        | (tags & 1) << StatusRow
        | Bit(record.Tree == TreeState.Empty, EmptyRow);

    /// <summary>The next of these lines behind one; 0 when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NextRow(uint rows, int row)
    {
        if (row < FirstSetting - 1)
        {
            return row + 1;
        }

        uint left = rows >> row >> 1;
        return left == 0 ? 0 : row + 1 + BitOperations.TrailingZeroCount(left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bit(bool isSet, int row) => isSet ? 1u << row : 0;

    /// <summary>Writes one of these lines, from 0.</summary>
    public static void Row(ref LineWriter line, ServiceTable services, ServiceIndex index, int row, Instant now)
    {
        switch (row)
        {
            case 0:
                State(ref line, services, index, now);
                break;
            case 1:
                Events.ServiceTags(ref line, services[index].Name.Value, services.Tags(index));
                break;
            case 2:
                Events.ServiceArgs(ref line, services[index].Name.Value, services.Args(index));
                break;
            case 3:
                Events.ServiceFds(ref line, services[index].Name.Value, services.Fds(index));
                break;
            case 4:
                AutoUp(ref line, services, index);
                break;
            default:
                OwnRow(ref line, services, index, row);
                break;
        }
    }

    // Apart, so that the lines of every service do not pay for what these need.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void OwnRow(ref LineWriter line, ServiceTable services, ServiceIndex index, int row)
    {
        switch (row)
        {
            case ListenRow:
                Listen(ref line, services, index);
                break;
            case ReadyRow:
                Ready(ref line, services, index);
                break;
            case StopRow:
                Stop(ref line, services, index);
                break;
            case IsReadyRow:
                IsReady(ref line, services, index);
                break;
            case StatusRow:
                Events.ServiceStatus(
                    ref line, services[index].Name.Value, services.Text(index, ServiceTextTag.Status));
                break;
            case EmptyRow:
                Empty(ref line, services, index);
                break;
            case FailedRow:
                Failed(ref line, services, index, services.Text(index, ServiceTextTag.Failed));
                break;
            default:
                Setting(ref line, services, index, SettingOf(row));
                break;
        }
    }

    /// <summary>A setting that is a text.</summary>
    public static void Setting(ref LineWriter line, ServiceTable services, ServiceIndex index, ServiceTextTag setting)
    {
        Name name = services[index].Name.Value;
        ReadOnlySpan<byte> text = services.Text(index, setting);
        switch (setting)
        {
            case ServiceTextTag.Environment:
                Events.ServiceEnv(ref line, name, text);
                break;
            case ServiceTextTag.Directory:
                Events.ServiceDir(ref line, name, text);
                break;
            case ServiceTextTag.Root:
                Events.ServiceRoot(ref line, name, text);
                break;
            case ServiceTextTag.User:
                Events.ServiceUser(ref line, name, text);
                break;
            case ServiceTextTag.Limits:
                Events.ServiceLimits(ref line, name, text);
                break;
            case ServiceTextTag.Process:
                Events.ServiceProcess(ref line, name, text);
                break;
            case ServiceTextTag.Mounts:
                Events.ServiceMounts(ref line, name, text);
                break;
            case ServiceTextTag.Cgroup:
                Events.ServiceCgroup(ref line, name, text);
                break;
            case ServiceTextTag.ArgsFrom:
                Events.ServiceArgsFrom(ref line, name, text);
                break;
            default:
                Events.ServiceEnvFrom(ref line, name, text);
                break;
        }
    }

    /// <summary>True if a service is stopped: when SIGKILL comes while it is up, or that it is held down.</summary>
    public static void Stop(ref LineWriter line, ServiceTable services, ServiceIndex index)
    {
        ref readonly ServiceRecord record = ref services[index];
        Name name = record.Name.Value;
        if (record.IsStopping && record.KillAt != Instant.Never)
        {
            Events.ServiceStopKill(ref line, name, record.StopSince, record.KillAt);
        }
        else if (record.IsStopping || record.IsHeld)
        {
            Events.ServiceStopHeld(ref line, name, record.StopSince);
        }
        else
        {
            Events.ServiceStopLifted(ref line, name);
        }
    }

    /// <summary>The readiness setting of a service.</summary>
    public static void Ready(ref LineWriter line, ServiceTable services, ServiceIndex index)
    {
        ref readonly ServiceRecord record = ref services[index];
        Name name = record.Name.Value;
        ReadyWaySet way = new(WayOf(record.Ready), record.ReadyPlace);
        ReadyOptionSet option = new(ReadyOptions.Store, record.Store);
        bool hasWay = record.Ready != ReadyWay.None;
        if (hasWay && record.Store > 0)
        {
            Events.ServiceReadyStore(ref line, name, way, option);
        }
        else if (hasWay)
        {
            Events.ServiceReadyOn(ref line, name, way);
        }
        else if (record.Store > 0)
        {
            Events.ServiceReadyStoreOnly(ref line, name, option);
        }
        else
        {
            Events.ServiceReadyOff(ref line, name);
        }
    }

    private static ReadyWays WayOf(ReadyWay way) => way switch
    {
        ReadyWay.Exit => ReadyWays.Exit,
        ReadyWay.Notify => ReadyWays.Notify,
        _ => ReadyWays.Fd,
    };

    /// <summary>A service is ready, or not any more.</summary>
    public static void IsReady(ref LineWriter line, ServiceTable services, ServiceIndex index)
    {
        if (services[index].IsReady)
        {
            Events.ServiceIsReadyReady(ref line, services[index].Name.Value, services[index].ReadyAt);
        }
        else
        {
            Events.ServiceIsReadyWithdrawn(ref line, services[index].Name.Value);
        }
    }

    /// <summary>No process is left of the tree of the last run.</summary>
    public static void Empty(ref LineWriter line, ServiceTable services, ServiceIndex index) =>
        Events.ServiceEmpty(ref line, services[index].Name.Value, services[index].EmptyAt);

    public static void Listen(ref LineWriter line, ServiceTable services, ServiceIndex index)
    {
        if (services[index].Listens)
        {
            Events.ServiceListenOn(ref line, services[index].Name.Value);
        }
        else
        {
            Events.ServiceListenOff(ref line, services[index].Name.Value);
        }
    }

    private static ServiceTextTag SettingOf(int row) =>
        (ServiceTextTag)((int)ServiceTextTag.Environment + row - FirstSetting);

    public static void State(ref LineWriter line, ServiceTable services, ServiceIndex index, Instant now)
    {
        ref readonly ServiceRecord record = ref services[index];
        Name name = record.Name.Value;
        switch (record.State)
        {
            case ServiceState.Waiting:
                Events.ServiceStateWaiting(ref line, name, record.Due);
                break;
            case ServiceState.Up:
                Seconds soFar = Instant.Between(record.Started, now);
                Events.ServiceStateUp(ref line, name, record.Since, record.Pid, soFar);
                break;
            case ServiceState.Exited:
                Events.ServiceStateExited(
                    ref line, name, record.Since, record.Pid, record.Value,
                    Instant.Between(record.Started, record.Since), Instant.Between(record.Since, now));
                break;
            case ServiceState.Killed:
                Events.ServiceStateKilled(
                    ref line, name, record.Since, record.Pid, new Signal(record.Value),
                    Instant.Between(record.Started, record.Since), Instant.Between(record.Since, now));
                break;
            default:
                Events.ServiceStateNever(ref line, name);
                break;
        }
    }

    /// <summary>The step, the error and the object of the last failed start.</summary>
    public static void Failed(
        ref LineWriter line, ServiceTable services, ServiceIndex index, ReadOnlySpan<byte> subject)
    {
        ref readonly ServiceRecord record = ref services[index];
        Events.ServiceFailed(
            ref line, record.Name.Value, record.FailedAt, StepOf(record.FailedStep), record.FailedReason.Symbol(),
            subject);
    }

    public static void AutoUp(ref LineWriter line, ServiceTable services, ServiceIndex index)
    {
        ref readonly ServiceRecord record = ref services[index];
        if (record.Interval > 0)
        {
            Events.ServiceAutoUpOn(
                ref line, record.Name.Value, new Seconds(record.Interval), services.Triggers(index));
        }
        else
        {
            Events.ServiceAutoUpOff(ref line, record.Name.Value);
        }
    }

    // The same steps in the same order, without `None`: LaunchStepTests.
    private static StartStep StepOf(LaunchStep step) => (StartStep)(step - 1);
}

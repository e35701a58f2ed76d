using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>How a service is told: the row of each event that its record calls for.</summary>
internal static class ServiceEvents
{
    /// <summary>The most lines that restate a service. Only append: the image counts them.</summary>
    public const int Rows = 6;

    /// <summary>The lines that restate a service; the last one only where its start failed.</summary>
    public static int RowsOf(ServiceTable services, ServiceIndex index) =>
        services[index].FailedStep == LaunchStep.None ? Rows - 1 : Rows;

    /// <summary>Writes one of these lines, from 0.</summary>
    public static void Row(ref EventLine line, ServiceTable services, ServiceIndex index, int row, Instant now)
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
                Failed(ref line, services, index, services.Text(index, ServiceText.Failed));
                break;
        }
    }

    public static void State(ref EventLine line, ServiceTable services, ServiceIndex index, Instant now)
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

    /// <summary>Why the last start failed, which it did, and what for.</summary>
    public static void Failed(ref EventLine line, ServiceTable services, ServiceIndex index, ReadOnlySpan<byte> subject)
    {
        ref readonly ServiceRecord record = ref services[index];
        Events.ServiceFailed(
            ref line, record.Name.Value, record.FailedAt, StepOf(record.FailedStep), record.FailedReason.Symbol(),
            subject);
    }

    public static void AutoUp(ref EventLine line, ServiceTable services, ServiceIndex index)
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

    private static StartStep StepOf(LaunchStep step) => step switch
    {
        LaunchStep.Connection => StartStep.Connection,
        LaunchStep.Process => StartStep.Process,
        LaunchStep.Descriptors => StartStep.Descriptors,
        _ => StartStep.Execute,
    };
}

using System.Collections.Generic;
using Daemonproxy.Access;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>
/// The check of services. The process of a service must be a child of the daemon, as it is until it is reaped:
/// otherwise an unrelated process may have its number, and must not get its signals.
/// </summary>
/// <param name="kernel">The system calls that know children.</param>
/// <param name="services">The table, which has the services that were kept before.</param>
/// <param name="access">The accesses, which were checked before.</param>
/// <param name="others">Descriptors that belong to no connection; those of services are added.</param>
/// <param name="isParent">False where only a copy of the image is checked: then children are not checked.</param>
/// <param name="reaped">A child that was reaped and not announced yet: it passes, although it is gone.</param>
internal sealed class ServiceCheck(
    SystemCalls kernel, ServiceTable services, AccessPolicies access, HashSet<int> others, bool isParent, Pid reaped)
    : IRecordCheck
{
    // As commands.spec has it for `fd` of `ready-way`.
    private const int MostReadyPlace = 1023;

    // As it has it for `store` of `ready-option`.
    private const int MostStored = 64;

    public QuarantineReason Find(int index) => Find(services[new ServiceIndex(index)], index);

    private QuarantineReason Find(in ServiceRecord record, int index) =>
        !CheckRules.IsName(record.Name, FixedName.Longest) ? QuarantineReason.Name
        : services.TryFind(record.Name.Value, out _) ? QuarantineReason.SameName
        : record.State > ServiceState.Killed ? QuarantineReason.State
        : !access.Exists(record.Access) ? QuarantineReason.Access
        : record.Interval < 0 || record.Leave < 0 ? QuarantineReason.Number
        : record.Tree > TreeState.Empty ? QuarantineReason.State
        : record.Ready > ReadyWay.Notify || record.RunReady > ReadyWay.Notify ? QuarantineReason.State
        : record.ReadyPlace is < 0 or > MostReadyPlace || record.NotifyPlace < 0 ? QuarantineReason.Number
        : record.Store > MostStored || record.RunStore > MostStored ? QuarantineReason.Number
        : record.EndsLeftOut < 0 || record.EndsLogged > RunLog.MostEnds || record.FailuresLogged > RunLog.MostEnds
            ? QuarantineReason.Number
        : record.ReadyPipe != 0 && !IsOwnPipe(record.ReadyReader) ? QuarantineReason.Descriptor
        : FindInProcess(record) is var process and not QuarantineReason.None ? process
        : !HasTimes(record) ? QuarantineReason.Time
        : !IsStatus(record) || !IsFailure(record) ? QuarantineReason.Number
        : services.ClaimText(index) is var text and not QuarantineReason.None ? text
        : record.HasGroup && !IsRunGroup(record, index) ? QuarantineReason.Text
        : !services.Settings(new ServiceIndex(index)).AreValid() ? QuarantineReason.Text
        : QuarantineReason.None;

    private QuarantineReason FindInProcess(in ServiceRecord record) =>
        record.Pid.Value < 0 || record.Session.Value < 0 || (record.State == ServiceState.Up && record.Pid.IsNone)
            ? QuarantineReason.Process
        : !ServiceTable.HasProcess(record) ? QuarantineReason.None
        : !services.Find(record.Pid).IsNone ? QuarantineReason.SameProcess
        : isParent && record.Pid != reaped && !kernel.IsChild(record.Pid) ? QuarantineReason.NoChild
        : QuarantineReason.None;

    private static bool HasTimes(in ServiceRecord record) =>
        record.Since.IsPlausible && record.Started.IsPlausible && record.Due.IsPlausible && record.FailedAt.IsPlausible
        && record.StopSince.IsPlausible && IsDeadline(record.KillAt) && IsDeadline(record.KillLatest)
        && IsDeadline(record.NextWalk) && record.EmptyAt.IsPlausible && record.ReadyAt.IsPlausible
        && record.SignalSentAt.IsPlausible && record.EndsSince.IsPlausible
        && record.State switch
        {
            ServiceState.Waiting => !record.Due.IsNone,
            ServiceState.Up or ServiceState.Exited or ServiceState.Killed =>
                !record.Since.IsNone && !record.Started.IsNone,
            _ => true,
        };

    // A write into another group would kill processes of others.
    private bool IsRunGroup(in ServiceRecord record, int index) =>
        CgroupFields.IsGroupOf(services.Text(new ServiceIndex(index), ServiceTextTag.RunGroup), record.Name.Value);

    // No other record has it.
    private bool IsOwnPipe(FdNumber fd) => CheckRules.IsReader(kernel, fd) && others.Add(fd.Value);

    private static bool IsDeadline(Instant at) => at == Instant.Never || at.IsPlausible;

    // The possible failures of a start: a step, an errno of the kernel.
    private static bool IsFailure(in ServiceRecord record) =>
        (uint)record.FailedStep <= (uint)LaunchStep.Execute
        && (int)record.FailedReason is >= 0 and < 4096;

    // The possible ends of a run, waitid(2).
    private static bool IsStatus(in ServiceRecord record) => record.State switch
    {
        ServiceState.Exited => record.Value is >= 0 and <= byte.MaxValue,
        ServiceState.Killed => record.Value is > 0 and <= Signal.Highest,
        _ => true,
    };
}

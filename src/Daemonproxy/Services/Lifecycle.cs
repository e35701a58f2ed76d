using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>The state of a service; part of the image's layout.</summary>
internal enum ServiceState : byte
{
    /// <summary>The record is free.</summary>
    None,

    /// <summary>Never started, or its start was cancelled.</summary>
    Never,

    /// <summary>A start is due, or is being done.</summary>
    Waiting,

    /// <summary>Its process runs.</summary>
    Up,

    /// <summary>Its last run ended by itself.</summary>
    Exited,

    /// <summary>Its last run was ended by a signal.</summary>
    Killed,
}

/// <summary>The events of the life cycle.</summary>
internal enum LifecycleEvent
{
    /// <summary><c>service.start</c>, now or later.</summary>
    StartRequested,

    /// <summary><c>service.start NAME -</c>.</summary>
    CancelRequested,

    /// <summary><c>service.delete</c>.</summary>
    DeleteRequested,

    /// <summary>A trigger of auto_up holds, and the service has arguments.</summary>
    TriggerHolds,

    /// <summary>The start that auto_up planned has no reason any more.</summary>
    PlanDropped,

    /// <summary>The deadline of the start has passed and there is nothing to execute any more.</summary>
    NothingToStart,

    /// <summary>The kernel made a process for it.</summary>
    Launched,

    /// <summary>The kernel refused to.</summary>
    LaunchRefused,

    /// <summary>Its process ended by itself.</summary>
    ProcessExited,

    /// <summary>Its process was ended by a signal.</summary>
    ProcessKilled,
}

/// <summary>The effects of a transition, besides the new state.</summary>
[Flags]
internal enum LifecycleEffects
{
    None = 0,

    /// <summary>The new state is announced.</summary>
    Announce = 1,

    /// <summary>The deadline of the start is put into the heap, or moved there.</summary>
    Arm = 2,

    /// <summary>The deadline is taken out of the heap.</summary>
    Disarm = 4,

    /// <summary>The start is one that auto_up planned.</summary>
    Plan = 8,

    /// <summary>The start keeps its kind: planned, or requested.</summary>
    KeepPlan = 32,

    /// <summary>Auto_up is asked whether it wants the next start.</summary>
    ConsiderAutoUp = 16,
}

/// <summary>One transition: the new state and the effects, or the error.</summary>
internal readonly record struct LifecycleStep(ServiceState Next, LifecycleEffects Effects, ErrorId Error);

/// <summary>
/// The life of a service as a pure function: state × event → step. Rendered as a table by a test, so that a person can
/// check every case. Times are the caller's.
/// </summary>
internal static class Lifecycle
{
    private const LifecycleEffects Announce = LifecycleEffects.Announce;
    private const LifecycleEffects Arm = LifecycleEffects.Arm;
    private const LifecycleEffects Disarm = LifecycleEffects.Disarm;
    private const LifecycleEffects Plan = LifecycleEffects.Plan;

    public static LifecycleStep Next(ServiceState state, LifecycleEvent happened) => happened switch
    {
        LifecycleEvent.StartRequested => state switch
        {
            ServiceState.Up => Refuse(state, ErrorId.NotStartable),
            _ => Go(ServiceState.Waiting, Announce | Arm),
        },
        LifecycleEvent.CancelRequested => state switch
        {
            ServiceState.Waiting => Go(ServiceState.Never, Announce | Disarm),
            _ => Refuse(state, ErrorId.NonePending),
        },
        LifecycleEvent.DeleteRequested => state switch
        {
            ServiceState.Up => Refuse(state, ErrorId.Running),
            ServiceState.Waiting => Go(ServiceState.None, Disarm),
            _ => Go(ServiceState.None, LifecycleEffects.None),
        },
        LifecycleEvent.TriggerHolds => state switch
        {
            ServiceState.Up or ServiceState.Waiting => Stay(state),
            _ => Go(ServiceState.Waiting, Announce | Arm | Plan),
        },
        LifecycleEvent.PlanDropped or LifecycleEvent.NothingToStart => state switch
        {
            ServiceState.Waiting => Go(ServiceState.Never, Announce | Disarm),
            _ => Stay(state),
        },
        LifecycleEvent.Launched => state switch
        {
            ServiceState.Waiting => Go(ServiceState.Up, Announce | Disarm),
            _ => Stay(state),
        },
        LifecycleEvent.LaunchRefused => state switch
        {
            ServiceState.Waiting => Go(ServiceState.Waiting, Announce | Arm | LifecycleEffects.KeepPlan),
            _ => Stay(state),
        },
        LifecycleEvent.ProcessExited => Ended(state, ServiceState.Exited),
        LifecycleEvent.ProcessKilled => Ended(state, ServiceState.Killed),
        _ => Stay(state),
    };

    private static LifecycleStep Ended(ServiceState state, ServiceState ended) => state switch
    {
        ServiceState.Up => Go(ended, Announce | LifecycleEffects.ConsiderAutoUp),
        _ => Stay(state),
    };

    private static LifecycleStep Go(ServiceState next, LifecycleEffects effects) => new(next, effects, ErrorId.None);

    private static LifecycleStep Stay(ServiceState state) => new(state, LifecycleEffects.None, ErrorId.None);

    private static LifecycleStep Refuse(ServiceState state, ErrorId error) =>
        new(state, LifecycleEffects.None, error);
}

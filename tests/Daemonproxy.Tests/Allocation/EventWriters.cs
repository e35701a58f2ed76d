using System;
using System.Collections.Generic;
using System.Text;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Allocation;

/// <summary>
/// Every generated writer of events and warnings, called with the longest that each of its fields can be.
/// </summary>
internal static class EventWriters
{
    private static readonly byte[] _text = Encoding.ASCII.GetBytes(new string('t', Limits.Line));
    private static readonly byte[] _name = Encoding.ASCII.GetBytes(new string('n', ServiceName.Longest));

    internal delegate void Writer(ref LineWriter line);

    // What no clock, counter or process can exceed; digits are what counts.
    private static Instant When => Instant.Never;

    private static Seconds Long => new(long.MinValue);

    private static Pid Pid => new(int.MinValue);

    private static Name Name => Name.Trusted(_name);

    private static Signal Signal => new(Signal.SIGSTOP + 7);

    // Behind the others there is no more room in one method.
    private static Dictionary<string, Writer> OfSockets { get; } = new()
    {
        [nameof(Events.SocketStatePlain)] = (ref line) => Events.SocketStatePlain(ref line, Name, _text),
        [nameof(Events.SocketStateOpen)] = (ref line) =>
            Events.SocketStateOpen(ref line, Name, AllSocketOptions, _text),
        [nameof(Events.SocketStateDeleted)] = (ref line) => Events.SocketStateDeleted(ref line, Name),
    };

    public static Dictionary<string, Writer> All { get; } = new(OfSockets)
    {
        [nameof(Events.Raw)] = (ref line) => Events.Raw(ref line, _text),
        [nameof(Events.Error)] = (ref line) => Events.Error(ref line, _text),
        [nameof(Events.Warning)] = (ref line) => Events.Warning(ref line, _text),
        [nameof(Events.Info)] = (ref line) => Events.Info(ref line, _text),
        [nameof(Events.Overflow)] = (ref line) => Events.Overflow(ref line),
        [nameof(Events.LogFilter)] = (ref line) => Events.LogFilter(ref line, LogLevel.Warning),
        [nameof(Events.Stats)] = (ref line) => Events.Stats(ref line, Counter.ControllersMost, long.MinValue),
        [nameof(Events.Signal)] = (ref line) => Events.Signal(ref line, Signal, When, long.MinValue),
        [nameof(Events.FdStateFile)] = (ref line) => Events.FdStateFile(ref line, Name, AllFileFlags, _text),
        [nameof(Events.FdStateReader)] = (ref line) => Events.FdStateReader(ref line, Name, (PipeEndFlags)~0u, Name),
        [nameof(Events.FdStateWriter)] = (ref line) => Events.FdStateWriter(ref line, Name, (PipeEndFlags)~0u, Name),
        [nameof(Events.FdStateSocket)] = (ref line) =>
            Events.FdStateSocket(ref line, Name, new((SocketFlags)~0u, long.MinValue, 0x1FF, LongestOwner), _text),
        [nameof(Events.FdStatePair)] = (ref line) => Events.FdStatePair(ref line, Name, (PipeFlags)~0u, Name),
        [nameof(Events.FdStateSpecial)] = (ref line) => Events.FdStateSpecial(ref line, Name, AllFileFlags, _text),
        [nameof(Events.FdStateDeleted)] = (ref line) => Events.FdStateDeleted(ref line, Name),
        [nameof(Events.ServiceArgs)] = (ref line) => Events.ServiceArgs(ref line, Name, _text),
        [nameof(Events.ServiceFailed)] = (ref line) =>
            Events.ServiceFailed(ref line, Name, When, StartStep.Descriptors, _text, _text),
        [nameof(Events.ServiceEnv)] = (ref line) => Events.ServiceEnv(ref line, Name, _text),
        [nameof(Events.ServiceArgsFrom)] = (ref line) => Events.ServiceArgsFrom(ref line, Name, _text),
        [nameof(Events.ServiceEnvFrom)] = (ref line) => Events.ServiceEnvFrom(ref line, Name, _text),
        [nameof(Events.ServiceDir)] = (ref line) => Events.ServiceDir(ref line, Name, _text),
        [nameof(Events.ServiceRoot)] = (ref line) => Events.ServiceRoot(ref line, Name, _text),
        [nameof(Events.ServiceUser)] = (ref line) => Events.ServiceUser(ref line, Name, _text),
        [nameof(Events.ServiceLimits)] = (ref line) => Events.ServiceLimits(ref line, Name, _text),
        [nameof(Events.ServiceProcess)] = (ref line) => Events.ServiceProcess(ref line, Name, _text),
        [nameof(Events.ServiceMounts)] = (ref line) => Events.ServiceMounts(ref line, Name, _text),
        [nameof(Events.ServiceCgroup)] = (ref line) => Events.ServiceCgroup(ref line, Name, _text),
        [nameof(Events.ServiceReadyOn)] = (ref line) =>
            Events.ServiceReadyOn(ref line, Name, new ReadyWaySet((ReadyWays)~0u, long.MinValue)),
        [nameof(Events.ServiceReadyOff)] = (ref line) => Events.ServiceReadyOff(ref line, Name),
        [nameof(Events.ServiceReadyStore)] = (ref line) => Events.ServiceReadyStore(
            ref line, Name, new ReadyWaySet((ReadyWays)~0u, long.MinValue),
            new ReadyOptionSet((ReadyOptions)~0u, long.MinValue)),
        [nameof(Events.ServiceReadyStoreOnly)] = (ref line) =>
            Events.ServiceReadyStoreOnly(ref line, Name, new ReadyOptionSet((ReadyOptions)~0u, long.MinValue)),
        [nameof(Events.ServiceIsReadyReady)] = (ref line) => Events.ServiceIsReadyReady(ref line, Name, When),
        [nameof(Events.ServiceIsReadyWithdrawn)] = (ref line) => Events.ServiceIsReadyWithdrawn(ref line, Name),
        [nameof(Events.ServiceStatus)] = (ref line) => Events.ServiceStatus(ref line, Name, _text),
        [nameof(Events.ServiceWatchdog)] = (ref line) => Events.ServiceWatchdog(ref line, Name, When),
        [nameof(Events.ServiceStopKill)] = (ref line) => Events.ServiceStopKill(ref line, Name, When, When),
        [nameof(Events.ServiceStopHeld)] = (ref line) => Events.ServiceStopHeld(ref line, Name, When),
        [nameof(Events.ServiceStopLifted)] = (ref line) => Events.ServiceStopLifted(ref line, Name),
        [nameof(Events.ServiceEmpty)] = (ref line) => Events.ServiceEmpty(ref line, Name, When),
        [nameof(Events.ServiceListenOn)] = (ref line) => Events.ServiceListenOn(ref line, Name),
        [nameof(Events.ServiceListenOff)] = (ref line) => Events.ServiceListenOff(ref line, Name),
        [nameof(Events.ServiceTags)] = (ref line) => Events.ServiceTags(ref line, Name, _text),
        [nameof(Events.ServiceFds)] = (ref line) => Events.ServiceFds(ref line, Name, _text),
        [nameof(Events.ServiceAutoUpOn)] = (ref line) => Events.ServiceAutoUpOn(ref line, Name, Long, _text),
        [nameof(Events.ServiceAutoUpOff)] = (ref line) => Events.ServiceAutoUpOff(ref line, Name),
        [nameof(Events.ServiceStateWaiting)] = (ref line) => Events.ServiceStateWaiting(ref line, Name, When),
        [nameof(Events.ServiceStateUp)] = (ref line) => Events.ServiceStateUp(ref line, Name, When, Pid, Long),
        [nameof(Events.ServiceStateExited)] = (ref line) =>
            Events.ServiceStateExited(ref line, Name, When, Pid, int.MinValue, Long, Long),
        [nameof(Events.ServiceStateKilled)] = (ref line) =>
            Events.ServiceStateKilled(ref line, Name, When, Pid, Signal, Long, Long),
        [nameof(Events.ServiceStateNever)] = (ref line) => Events.ServiceStateNever(ref line, Name),
        [nameof(Events.ServiceStateDeleted)] = (ref line) => Events.ServiceStateDeleted(ref line, Name),
        [nameof(Warnings.UserForced)] = (ref line) => Warnings.UserForced(ref line, Name),
        [nameof(Warnings.LogFdMissing)] = (ref line) => Warnings.LogFdMissing(ref line, Name),
        [nameof(Warnings.ListensAgain)] = (ref line) => Warnings.ListensAgain(ref line, Name),
        [nameof(Warnings.Remade)] = (ref line) => Warnings.Remade(ref line, Name),
        [nameof(Warnings.NotRemade)] = (ref line) => Warnings.NotRemade(ref line, Name, (Errno)133),
        [nameof(Warnings.NotPolled)] = (ref line) => Warnings.NotPolled(ref line, Name),
        [nameof(Warnings.ListenerShut)] = (ref line) => Warnings.ListenerShut(ref line, Name),
        [nameof(Warnings.StoreName)] = (ref line) => Warnings.StoreName(ref line, Name, _text),
        [nameof(Warnings.StoreFull)] = (ref line) => Warnings.StoreFull(ref line, Name, long.MinValue),
        [nameof(Warnings.FdUndefined)] = (ref line) => Warnings.FdUndefined(ref line, Name),
        [nameof(Warnings.FdsUndefined)] = (ref line) => Warnings.FdsUndefined(ref line, long.MinValue),
    };

    private static ReadOnlySpan<byte> LongestOwner =>
        "12345678901234567890123456789012:12345678901234567890123456789012"u8;

    private static SocketOptionSet AllSocketOptions => new(
        (SocketOptions)~0u, _name, 0x1FF, LongestOwner, "watch"u8, _name.AsSpan(0, 30), LongestOwner,
        _text.AsSpan(0, 255), long.MinValue, long.MinValue);

    private static FileFlagSet AllFileFlags => new((FileFlags)~0u, 0x1FF, LongestOwner);
}

using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The children of the daemon.</summary>
internal sealed unsafe partial class SimKernel
{
    /// <summary>The daemon itself; also its process group, and that of its children.</summary>
    private const int DaemonPid = 100;

    // What a child that could not execute its program ends with (protocol, section 5).
    private const int FailedLaunch = 3;

    // Default dispositions, signal(7): CHLD, CONT, URG, WINCH do nothing; STOP, TSTP, TTIN, TTOU only stop.
    private const ulong Harmless = (1UL << 17) | (1UL << 18) | (1UL << 23) | (1UL << 28)
        | (1UL << 19) | (1UL << 20) | (1UL << 21) | (1UL << 22);

    private readonly List<SimProcess> _processes = [];
    private int _lastPid = DaemonPid;
    private long _ended;

    /// <summary>The number that the next process gets is above this; to let numbers come again.</summary>
    public int LastPid
    {
        get => _lastPid;
        set => _lastPid = value;
    }

    /// <summary>Every record of a process, free ones too.</summary>
    public IReadOnlyList<SimProcess> Processes => _processes;

    public override Pid OwnPid() => _ownPid;

    /// <summary>The process of this number, running or not yet waited for; null when there is none.</summary>
    public SimProcess? ProcessOf(Pid pid)
    {
        foreach (SimProcess process in _processes)
        {
            if (process.State != SimProcessState.Free && process.Pid == pid.Value)
            {
                return process;
            }
        }

        return null;
    }

    /// <summary>A process ends.</summary>
    public void End(SimProcess process, EndReason reason, int value)
    {
        if (process.State != SimProcessState.Running)
        {
            return;
        }

        process.State = SimProcessState.Zombie;
        process.Reason = reason;
        process.Value = value;
        process.EndedAs = _ended++;
        process.CloseFiles(this);
        _childNotice = true;
        _wake = true;
    }

    public override bool IsChild(Pid pid) => ProcessOf(pid) is { IsChild: true };

    public override Errno Spawn(ref LaunchPlan plan, ref Pid pid)
    {
        Errno reason = Faults.Enter(SimCall.Spawn);
        if (reason != Errno.None)
        {
            return reason;
        }

        _now += LaunchTime;
        SimProcess process = NewProcess();
        pid = new Pid(process.Pid);
        for (byte** argument = plan.Arguments; *argument != null; argument++)
        {
            process.AddArgument(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*argument));
        }

        if (plan.Settings != null && plan.Settings->LeadsSession)
        {
            process.Group = process.Pid;
            process.Session = process.Pid;
        }

        if ((plan.Steps & (1u << (int)LaunchStep.Notify)) != 0)
        {
            BindNotifySocket(process, plan.Settings);
        }

        process.Cgroup = plan.Group >= 0 ? _groups[plan.Group] : 0;
        process.Report = Hold(_descriptors[plan.Report].File!);
        int place = 0;
        ReadOnlySpan<byte> fromName = default;
        bool hasNoGroup = plan.Settings != null && plan.Settings->GroupReason != Errno.None;
        plan.Step = hasNoGroup ? LaunchStep.Cgroup : LaunchStep.Descriptors;
        reason = hasNoGroup ? plan.Settings->GroupReason : ReadTexts(ref plan, process, out fromName);
        bool hasNoTexts = !hasNoGroup && reason != Errno.None;
        plan.Step = hasNoTexts ? LaunchStep.Texts : plan.Step;
        reason = reason == Errno.None ? PlaceDescriptors(plan, process, out place) : reason;
        ReadOnlySpan<byte> subject = hasNoGroup
            ? MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.Settings->GroupSubject)
            : hasNoTexts ? fromName
            : reason == Errno.None
            ? MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.Arguments[0])
            : NameAt(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.Names), place);
        if (reason == Errno.None)
        {
            plan.Step = LaunchStep.Execute;
            reason = Search(plan, out SimProgram? program);
            bool isHeldUp = HoldsUpClosing(plan.LeavesHigh ? HelperPlan.FirstHigh : int.MaxValue);
            Load(process, reason == Errno.None && !isHeldUp ? program : null);
        }

        if (reason != Errno.None)
        {
            LaunchReport report = new()
            {
                Pid = process.Pid,
                Step = plan.Step,
                Reason = reason,
            };
            report.SetSubject(subject);
            process.Report.Write(new ReadOnlySpan<byte>(&report, LaunchReport.Bytes), out _);
            End(process, EndReason.Exited, FailedLaunch);
        }

        return Errno.None;
    }

    // A child closes its copies of all descriptors below a number: of files that do not answer, too.
    private bool HoldsUpClosing(int end)
    {
        for (int fd = 3; fd < Math.Min(end, _descriptors.Length); fd++)
        {
            if (_descriptors[fd].File is SimRegular { Node: { IsRemote: true, AnswersAfter: < 0 } })
            {
                return true;
            }
        }

        return false;
    }

    private Instant _reapAgain = Instant.Never;

    public override Errno Reap(ref ReapedChild child)
    {
        child = default;
        Errno fault = Faults.TakePlanned(SimCall.Reap);
        if (fault != Errno.None)
        {
            // It is asked again in a second.
            _reapAgain = new Instant(_now + Seconds.Nanoseconds);
            return fault;
        }

        SimProcess? first = null;
        foreach (SimProcess process in _processes)
        {
            if (process.State == SimProcessState.Zombie && (first is null || process.EndedAs < first.EndedAs))
            {
                first = process;
            }
        }

        if (first is not null)
        {
            child.Pid = new Pid(first.Pid);
            child.Reason = first.Reason;
            child.Value = first.Value;
            first.State = SimProcessState.Free;
            child.Pid = Faults.Canary == SimCanary.LostChildren ? default : child.Pid;
        }

        return Errno.None;
    }

    public override Errno Kill(Pid pid, Signal signal) => Send(pid.Value, isGroup: false, signal);

    public override Errno KillGroup(Pid group, Signal signal) =>
        group.Value <= 1 ? Errno.ESRCH : Send(group.Value, isGroup: true, signal);

    private Errno Send(int number, bool isGroup, Signal signal)
    {
        Errno reason = Faults.Enter(SimCall.Kill);
        if (reason != Errno.None)
        {
            return reason;
        }

        if (signal.Number is < 0 or > Signal.Highest)
        {
            return Errno.EINVAL;
        }

        reason = Errno.ESRCH;
        foreach (SimProcess process in _processes)
        {
            bool isMeant = process.State != SimProcessState.Free
                && (isGroup ? process.Group : process.Pid) == number;
            if (isMeant)
            {
                reason = Errno.None;
                Deliver(process, signal.Number);
            }
        }

        return reason;
    }

    private void Deliver(SimProcess process, int signal)
    {
        bool isDeadly = signal == Signal.SIGKILL
            || (signal > 0 && (((Harmless | process.Ignored) >> signal) & 1) == 0);
        if (isDeadly && (process.IsStuck || process.Loading is { IsStuck: true }))
        {
            process.IsKilled = true;
        }
        else if (isDeadly)
        {
            End(process, EndReason.Killed, signal);
        }
    }

    private SimProcess NewProcess() => NewProcess(++_lastPid);

    private SimProcess NewProcess(int pid)
    {
        SimProcess? process = null;
        foreach (SimProcess candidate in _processes)
        {
            process = candidate.State == SimProcessState.Free ? candidate : process;
        }

        if (process is null)
        {
            process = new SimProcess();
            _processes.Add(process);
        }

        process.State = SimProcessState.Running;
        process.Pid = pid;
        process.Plan = 0;
        process.IsStuck = false;
        process.ExecutesAt = long.MaxValue;
        process.Group = DaemonPid;
        process.Session = DaemonPid;
        process.Cgroup = 0;
        process.Ignored = 0;
        process.Loading = null;
        process.IsKilled = false;
        process.IsChild = true;
        process.ForgetNotify();
        process.ClearArguments();
        return process;
    }

    private Errno PlaceDescriptors(in LaunchPlan plan, SimProcess process, out int place)
    {
        for (int i = 0; i < plan.DescriptorCount; i++)
        {
            place = i;
            int source = plan.Descriptors[i];
            if (source != LaunchPlan.Closed && !IsOpen(new FdNumber(source)))
            {
                return Errno.EBADF;
            }

            process.AddFile(source == LaunchPlan.Closed ? null : _descriptors[source].File);
        }

        place = -1;
        return Errno.None;
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> names, int place)
    {
        foreach (ReadOnlySpan<byte> name in new FieldList(names))
        {
            if (place-- == 0)
            {
                return name;
            }
        }

        return default;
    }

    // As execvp(3): a name with a slash is not searched, and a refusal does not end the search.
    private Errno Search(in LaunchPlan plan, out SimProgram? program)
    {
        ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.Arguments[0]);
        if (name.Contains((byte)'/'))
        {
            return Execute(name, out program);
        }

        program = null;
        Errno answer = Errno.ENOENT;
        Span<byte> path = stackalloc byte[plan.ScratchBytes];
        ReadOnlySpan<byte> directories = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(plan.SearchPath);
        foreach (Range range in directories.Split((byte)':'))
        {
            ReadOnlySpan<byte> directory = directories[range];
            directory.CopyTo(path);
            path[directory.Length] = (byte)'/';
            name.CopyTo(path[(directory.Length + 1)..]);
            Errno reason = Execute(path[..(directory.Length + 1 + name.Length)], out program);
            if (reason is not (Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES or Errno.ENAMETOOLONG))
            {
                return reason;
            }

            answer = reason == Errno.EACCES ? reason : answer;
        }

        return answer;
    }

    private Errno Execute(ReadOnlySpan<byte> path, out SimProgram? program)
    {
        Errno reason = Find(path, out SimNode? node);
        program = node?.Program;
        return reason != Errno.None ? reason : program is null || node!.IsForbidden ? Errno.EACCES : Errno.None;
    }

    // The program is executed at once, later, or never.
    private void Load(SimProcess process, SimProgram? program)
    {
        process.EndsAt = long.MaxValue;
        process.Loading = program;
        process.ExecutesAt = program is null || program.LoadsFor < 0 ? long.MaxValue : _now + program.LoadsFor;
        if (program is { LoadsFor: 0 })
        {
            Execute(process, program);
        }
    }

    private void Execute(SimProcess process, SimProgram program)
    {
        process.Loading = null;
        process.ExecutesAt = long.MaxValue;
        process.CloseReport(this);
        process.EndsAt = program.EndsAfter < 0 ? long.MaxValue : _now + program.EndsAfter;
        process.Reason = program.Reason;
        process.Value = program.Value;
        process.Ignored = program.Ignored;
    }

    private long NextEnd()
    {
        long next = long.MaxValue;
        foreach (SimProcess process in _processes)
        {
            if (process.State == SimProcessState.Running)
            {
                next = Math.Min(next, process.Loading is null ? process.EndsAt : process.ExecutesAt);
            }
        }

        return next;
    }

    private void EndDueProcesses()
    {
        foreach (SimProcess process in _processes)
        {
            if (process.State == SimProcessState.Running && process.Loading is SimProgram program
                && process.ExecutesAt <= _now)
            {
                Execute(process, program);
                if (process.IsKilled)
                {
                    End(process, EndReason.Killed, Signal.SIGKILL);
                }
            }

            if (process.State == SimProcessState.Running && process.EndsAt <= _now)
            {
                FinishHelper(process);
                End(process, process.Reason, process.Value);
            }
        }
    }
}

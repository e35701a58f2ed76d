using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Launching;

/// <summary>
/// One launch at a time: its record in the image, its pipe, and the memory that its child uses until it executes: a
/// stack, the plan, and behind that the arguments with NULs instead of TABs, the names of the descriptors, argv, and
/// the descriptors by number. What lies there stands close together, so that an ordinary launch touches two pages.
/// </summary>
internal sealed unsafe class LaunchSlot(
    SystemCalls kernel, Region<LaunchRecord> records, int index, byte* memory, int memoryBytes)
{
    // A multiple of every page size.
    private const int GuardBytes = 64 * 1024;

    // argv has a free place before it, and a NULL behind it.
    private const int ArgumentsBytes = (Limits.Line + 3) * sizeof(long);
    private const int DescriptorsBytes = 2 * LaunchDescriptors.Most * sizeof(int);

    // A directory of the search path, and the name of the program.
    private const int ScratchBytes = 2 * 4096;

    private readonly EpollRegistration _watch = new(PollTokenKind.Launch, index);
    private FdNumber _writer = FdNumber.None;
    private bool _isReadable;
    private bool _isGuarded;

    // The data of every launch. The settings of a service follow, and are touched only if it has some.
    private static int PlanBytes => GuardBytes + LaunchPlan.StackBytes + sizeof(LaunchPlan) + (2 * Limits.Line)
        + sizeof(long) + ArgumentsBytes + DescriptorsBytes + ScratchBytes;

    /// <summary>The memory that a slot needs, where the daemon has so many variables in its environment.</summary>
    public static int MemoryBytes(int variables)
    {
        int needed = PlanBytes + sizeof(long) + LaunchSettingsWriter.BytesFor(variables);
        return (needed + GuardBytes - 1) / GuardBytes * GuardBytes;
    }

    public ref readonly LaunchRecord Record => ref records[index];

    public bool IsInUse => Record.State != LaunchState.Free;

    /// <summary>True if its pipe may have something to be read.</summary>
    public bool CanRead => IsInUse && (_isReadable || _watch.IsAlwaysReady || _watch.HasFailed);

    /// <summary>When the launch has taken too long, or its pipe, which is not watched, has to be read.</summary>
    public Instant NextDeadline(Instant now) => Instant.Earlier(Record.Deadline, _watch.RetryAt(now));

    /// <summary>True if the child has reported that it could not execute its program.</summary>
    public bool HasReport => Record.Filled == LaunchReport.Bytes;

    /// <summary>The step that the child is at, as far as it shares memory with this process image.</summary>
    public LaunchStep Step => Plan.Step == LaunchStep.None ? LaunchStep.Execute : Plan.Step;

    private ref LaunchPlan Plan => ref *(LaunchPlan*)(memory + GuardBytes + LaunchPlan.StackBytes);

    /// <summary>The object of a failure: from the report, or else the program.</summary>
    public ReadOnlySpan<byte> Subject => records[index].Report.SubjectValue;

    /// <summary>Takes the slot for a launch, with a pipe for its report.</summary>
    public void Take(int owner, in ReportPipe pipe, ReadOnlySpan<byte> program, Instant deadline)
    {
        _writer = pipe.Writer;
        _isReadable = false;
        using RecordWriter<LaunchRecord> change = records.Change(index);
        change.Record = new LaunchRecord
        {
            State = LaunchState.UnderWay,
            Generation = change.Record.Generation + 1,
            Owner = owner,
            Source = pipe.Reader,
            Deadline = deadline,
        };
        change.Record.Report.SetSubject(program);
    }

    /// <summary>Writes the plan of the launch.</summary>
    public void Prepare(
        in LaunchSpecification specification, LaunchDescriptors descriptors, SharedLaunchData context)
    {
        if (!_isGuarded)
        {
            _isGuarded = true;
            kernel.Guard(memory, GuardBytes);
        }

        ref LaunchPlan plan = ref Plan;
        byte* text = memory + GuardBytes + LaunchPlan.StackBytes + sizeof(LaunchPlan);
        plan.Names = text + specification.Arguments.Length + 1;
        int names = specification.Descriptors.Length;
        specification.Descriptors.CopyTo(new Span<byte>(plan.Names, names));
        plan.Names[names] = 0;
        byte** arguments = (byte**)AfterText(plan.Names, names + 1);
        int count = WriteArguments(specification.Arguments, text, arguments + 1);
        int* numbers = (int*)(arguments + 1 + count + 1);
        plan.Descriptors = numbers;
        plan.DescriptorCount = descriptors.Resolve(specification, new Span<int>(numbers, LaunchDescriptors.Most));
        ReadOnlySpan<int> placed = new(numbers, plan.DescriptorCount);
        plan.LeavesHigh = specification.Notify.Socket.Value < HelperPlan.FirstHigh
            && descriptors.LeavesHigh(placed, _writer);
        plan.Moved = numbers + plan.DescriptorCount;
        plan.Scratch = (byte*)(plan.Moved + plan.DescriptorCount);
        plan.ScratchBytes = ScratchBytes;
        plan.Arguments = arguments + 1;
        plan.Environment = context.Variables;
        plan.SearchPath = context.SearchPath;
        plan.Report = _writer.Value;
        plan.StackTop = memory + GuardBytes + LaunchPlan.StackBytes;
        plan.Step = LaunchStep.None;
        plan.Interpreter = default;
        plan.Steps = LaunchPlan.OrdinarySteps;
        plan.Umask = LaunchPlan.DefaultUmask;
        plan.HasOwnMemory = false;
        plan.Group = -1;
        plan.ChangesCredentials = false;
        plan.Settings = null;
        Assertion.Require(plan.Scratch + ScratchBytes <= memory + PlanBytes);
        Pid daemon = kernel.OwnPid();
        if (!specification.Settings.AreDefaults || !specification.Notify.IsNone
            || LaunchSettingsWriter.IsIsolated(daemon))
        {
            LaunchSettingsWriter writer = new(context, daemon, AfterText(memory, PlanBytes));
            writer.Write(ref plan, specification, descriptors);
            writer.WriteGroup(ref plan, specification.Settings, specification.Group);
        }
    }

    /// <summary>
    /// Makes the process; its ID is in <paramref name="pid"/> before anything can go wrong, and as it was when the
    /// launch is refused. The slot is not free yet.
    /// </summary>
    public LaunchOutcome Launch(ref Pid pid)
    {
        Errno refused = kernel.Spawn(ref Plan, ref pid);
        kernel.Close(_writer);
        _writer = FdNumber.None;
        return refused != Errno.None
            ? LaunchOutcome.Refused(LaunchStep.Process, refused)
            : LaunchOutcome.Started(pid);
    }

    /// <summary>Watches for the report, or the end, of the pipe.</summary>
    public void UpdateWatch()
    {
        if (IsInUse)
        {
            _watch.Set(kernel, Record.Source, Record.Generation, PollInterest.Read);
        }
    }

    /// <summary>There may be something to read, if the token is that of the launch under way.</summary>
    public void MarkReadable(PollToken token) =>
        _isReadable |= IsInUse && token.Generation == (Record.Generation & 0xFFFFFF);

    /// <summary>
    /// Reads the report straight into the image; true at the end of the pipe: then the child uses the slot no more.
    /// </summary>
    public bool Read()
    {
        _isReadable = false;
        int before = Record.Filled;
        Errno errno;
        if (HasReport)
        {
            // Only the end is still to come.
            Span<byte> rest = stackalloc byte[1];
            int more = 0;
            errno = kernel.Read(Record.Source, rest, ref more);
        }
        else
        {
            using RecordWriter<LaunchRecord> change = records.Change(index);
            Span<byte> report = MemoryMarshal.AsBytes(new Span<LaunchReport>(ref change.Record.Report));
            errno = kernel.Read(Record.Source, report[before..], ref change.Record.Filled);
        }

        // Interrupted: the pipe is still readable, and the next wait tells so.
        return errno == Errno.None ? Record.Filled == before : errno is not (Errno.EAGAIN or Errno.EINTR);
    }

    /// <summary>The outcome was dealt with.</summary>
    public void MarkTold()
    {
        using RecordWriter<LaunchRecord> change = records.Change(index);
        change.Record.IsTold = true;
    }

    /// <summary>The launch took too long, and its process was sent SIGKILL.</summary>
    public void MarkCancelled()
    {
        using RecordWriter<LaunchRecord> change = records.Change(index);
        change.Record.State = LaunchState.Cancelled;
        change.Record.Deadline = Instant.Never;
        change.Record.IsTold = true;
    }

    /// <summary>The launch is over: the slot can be used again.</summary>
    public void Free()
    {
        _watch.Stop(kernel);
        FdNumber source = Record.Source;
        using (RecordWriter<LaunchRecord> change = records.Change(index))
        {
            change.Record.State = LaunchState.Free;
        }

        kernel.Close(source);
    }

    /// <summary>Gives the memory back to the kernel, of a free slot.</summary>
    public void ReleaseMemory() => kernel.ReleaseMemory(memory + GuardBytes, memoryBytes - GuardBytes);

    /// <summary>After a resume: a record that makes no sense is dropped, without its descriptor.</summary>
    public void Drop()
    {
        using RecordWriter<LaunchRecord> change = records.Change(index);
        change.Record = default;
    }

    // Each field becomes a text that ends in a NUL, and argv ends in NULL.
    private static int WriteArguments(ReadOnlySpan<byte> fields, byte* text, byte** arguments)
    {
        Span<byte> copy = new(text, fields.Length + 1);
        fields.CopyTo(copy);
        copy[fields.Length] = 0;
        FieldReader reader = new(fields);
        int count = 0;
        int at = 0;
        while (reader.TryNext(out ReadOnlySpan<byte> field))
        {
            arguments[count++] = text + at;
            at += field.Length;
            copy[at++] = 0;
        }

        arguments[count] = null;
        return count;
    }

    private static byte* AfterText(byte* text, int length) =>
        (byte*)(((nint)text + length + sizeof(long) - 1) & -sizeof(long));
}

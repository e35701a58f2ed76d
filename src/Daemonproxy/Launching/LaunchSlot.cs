using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>
/// The memory of one launch: its plan, and behind that the arguments with NULs instead of TABs, argv, and the
/// descriptors by number. It does not move, since the cloned child reads it. What lies in it stands close together, so
/// that an ordinary launch touches one page of it.
/// </summary>
internal sealed unsafe class LaunchSlot
{
    // argv has a free place before it, and a NULL behind it.
    private const int ArgumentsBytes = (Limits.Line + 3) * sizeof(long);
    private const int DescriptorsBytes = 2 * LaunchDescriptors.Most * sizeof(int);

    // A directory of the search path, and the name of the program.
    private const int ScratchBytes = 2 * 4096;

    private readonly FixedArray<byte> _memory;

    public LaunchSlot(SystemCalls kernel, int index)
    {
        Index = index;
        _memory = new FixedArray<byte>(
            kernel,
            sizeof(LaunchPlan) + Limits.Line + sizeof(long) + ArgumentsBytes + DescriptorsBytes + ScratchBytes);
    }

    /// <summary>The slot's place among the slots.</summary>
    public int Index { get; }

    private ref LaunchPlan Plan => ref *(LaunchPlan*)_memory.Pointer;

    /// <summary>Writes the plan of a launch.</summary>
    public void Prepare(
        in LaunchSpecification specification, LaunchDescriptors descriptors, LaunchEnvironment environment)
    {
        ref LaunchPlan plan = ref Plan;
        byte* text = _memory.Pointer + sizeof(LaunchPlan);
        byte** arguments = (byte**)AfterText(text, specification.Arguments.Length + 1);
        int count = WriteArguments(specification.Arguments, text, arguments + 1);
        int* numbers = (int*)(arguments + 1 + count + 1);
        plan.Descriptors = numbers;
        plan.DescriptorCount = descriptors.Resolve(specification, new Span<int>(numbers, LaunchDescriptors.Most));
        plan.Moved = numbers + plan.DescriptorCount;
        plan.Scratch = (byte*)(plan.Moved + plan.DescriptorCount);
        plan.ScratchBytes = ScratchBytes;
        plan.Arguments = arguments + 1;
        plan.Environment = environment.Variables;
        plan.SearchPath = environment.SearchPath;
        Assertion.Require(plan.Scratch + ScratchBytes <= _memory.Pointer + _memory.Length);
    }

    /// <summary>
    /// Launches the program of the plan; its process ID is in <paramref name="pid"/> before anything can go wrong, and
    /// as it was when the launch is refused.
    /// </summary>
    public LaunchOutcome Launch(SystemCalls kernel, ref Pid pid)
    {
        ref LaunchPlan plan = ref Plan;
        Errno refused = kernel.Spawn(ref plan, ref pid);
        return refused != Errno.None
            ? LaunchOutcome.Refused(LaunchStep.Process, refused)
            : new LaunchOutcome(pid, plan.FailedStep, plan.FailedReason);
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

using System;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>Finds the descriptors that a service names.</summary>
internal sealed class LaunchDescriptors(FdTable fds)
{
    /// <summary>The most names in a line: a line of single-byte fields has the most fields.</summary>
    public const int Most = (Limits.Line / 2) + 2;

    /// <summary>The connection that these names, separated by TABs, ask for.</summary>
    public WantedConnection ConnectionOf(ReadOnlySpan<byte> names)
    {
        bool socket = false;
        bool events = false;
        bool commands = false;
        foreach (ReadOnlySpan<byte> word in new FieldList(names))
        {
            ControlFdKind role = TryFind(word, out FdIndex fd) ? fds[fd].Role : ControlFdKind.Plain;
            socket |= role == ControlFdKind.ControlSocket;
            events |= role == ControlFdKind.ControlEvent;
            commands |= role == ControlFdKind.ControlCommand;
        }

        return new WantedConnection(socket, events, commands);
    }

    /// <summary>
    /// Writes the number of each name, or <see cref="LaunchPlan.Closed"/> or
    /// <see cref="LaunchPlan.Undefined"/>; returns how many there are.
    /// </summary>
    public int Resolve(in LaunchSpecification specification, Span<int> numbers)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> word in new FieldList(specification.Descriptors))
        {
            numbers[count++] = word.SequenceEqual("-"u8)
                ? LaunchPlan.Closed
                : NumberOf(word, specification.Ends);
        }

        if (specification.ReadyWriter.IsNone)
        {
            return count;
        }

        // In the place of what has that number, or behind all others.
        while (count <= specification.ReadyPlace)
        {
            numbers[count++] = LaunchPlan.Closed;
        }

        numbers[specification.ReadyPlace] = specification.ReadyWriter.Value;
        return count;
    }

    /// <summary>
    /// True if a child can leave the high descriptors behind: one of ours may wait in close(2), and the child needs
    /// none of them.
    /// </summary>
    public bool LeavesHigh(ReadOnlySpan<int> numbers, FdNumber report) =>
        fds.HasSlow && report.Value < HelperPlan.FirstHigh
        && !numbers.ContainsAnyExceptInRange(LaunchPlan.Undefined, HelperPlan.FirstHigh - 1);

    /// <summary>The descriptor of a name; none for a name without one, and for what stands for a connection.</summary>
    public FdNumber Find(ReadOnlySpan<byte> name) =>
        TryFind(name, out FdIndex fd) && fds[fd].Role == ControlFdKind.Plain ? fds[fd].Number : FdNumber.None;

    private int NumberOf(ReadOnlySpan<byte> word, ServiceEnds ends)
    {
        if (!TryFind(word, out FdIndex fd))
        {
            return LaunchPlan.Undefined;
        }

        ref readonly FdRecord record = ref fds[fd];
        if (NullDevice.IsStandIn(record))
        {
            fds.MendNull(fd);
        }

        FdNumber number = record.Role == ControlFdKind.Plain ? record.Number : ends.For(record.Role);
        return number.IsNone ? LaunchPlan.Undefined : number.Value;
    }

    private bool TryFind(ReadOnlySpan<byte> word, out FdIndex index)
    {
        index = FdIndex.None;
        return FdName.TryParse(word, out Name name) && fds.TryFind(name, out index);
    }
}

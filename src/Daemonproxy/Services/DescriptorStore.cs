using System;
using Daemonproxy.Access;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Services;

/// <summary>
/// The descriptors that services leave with the daemon, FDSTORE of sd_notify(3): named <c>SERVICE.FDNAME</c>, and never
/// in the place of one that was not stored.
/// </summary>
internal sealed class DescriptorStore(
    SystemCalls kernel,
    ServiceTable services,
    FdTable fds,
    AccessPolicies access,
    IDescriptorCloser closer,
    IAnnouncer announcer)
{
    private static ReadOnlySpan<byte> DefaultName => "stored"u8;

    /// <summary>
    /// Keeps a descriptor that a service has sent. One that cannot be kept is closed, with a warning.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="fdName">The name that it has given; empty for the default.</param>
    /// <param name="number">The place of the descriptor in the message, from 1: from 2 on it is in the name.</param>
    /// <param name="fd">The descriptor.</param>
    public void Keep(ServiceIndex service, ReadOnlySpan<byte> fdName, int number, FdNumber fd)
    {
        // A stored descriptor belongs to the owner of the service, and counts against its share.
        access.Sender = services[service].Access;
        KeepFor(service, fdName, number, fd);
        access.Sender = default;
    }

    private void KeepFor(ServiceIndex service, ReadOnlySpan<byte> fdName, int number, FdNumber fd)
    {
        Span<byte> room = stackalloc byte[Limits.NotifyMessage + 64];
        ReadOnlySpan<byte> text = WriteName(room, service, fdName, number);
        kernel.Classify(fd, out FdIdentity identity, out FdBlocking blocking);
        FdIndex known = FdIndex.None;
        bool isName = FdName.TryParse(text, out Name name);
        bool isTaken = isName && fds.TryFind(name, out known) && !fds[known].IsStored;
        if (isName && !known.IsNone && fds[known].Number == fd)
        {
            // The daemon crashed after it had kept it.
            return;
        }

        if (!isName || isTaken)
        {
            closer.Close(fd, blocking);
            WarnOfName(service, Cut(text));
            return;
        }

        int most = services[service].RunStore;
        if (known.IsNone && (Count(service) >= most || !fds.HasRoom))
        {
            closer.Close(fd, blocking);
            LineWriter warning = announcer.Begin();
            Warnings.StoreFull(ref warning, services[service].Name.Value, most);
            announcer.Announce(EventSubject.Of(service), warning);
            return;
        }

        FdTarget target = new(name, known);
        FdIndex kept = ForeignDescriptor.Assign(fds, target, new ExaminedFd(Move(fd, blocking), identity, blocking));
        fds.MarkStored(kept);
        fds.Announce(kept);
    }

    private void WarnOfName(ServiceIndex service, ReadOnlySpan<byte> name)
    {
        LineWriter warning = announcer.Begin();
        Warnings.StoreName(ref warning, services[service].Name.Value, name);
        announcer.Announce(EventSubject.Of(service), warning);
    }

    /// <summary>Deletes the descriptors that a service has left under a name.</summary>
    public void Remove(ServiceIndex service, ReadOnlySpan<byte> fdName)
    {
        Span<byte> room = stackalloc byte[Limits.NotifyMessage + 64];
        for (int number = 1; number <= HelperPlan.FdNumbers.Most; number++)
        {
            if (FdName.TryParse(WriteName(room, service, fdName, number), out Name name)
                && fds.TryFind(name, out FdIndex known) && fds[known].IsStored)
            {
                fds.Delete(known);
            }
        }
    }

    // As names come in order, those with its prefix stand together.
    private int Count(ServiceIndex service)
    {
        Span<byte> room = stackalloc byte[FixedName.Longest + 1];
        LineWriter prefix = new(room);
        prefix.Name(services[service].Name.Value);
        if (prefix.Length >= FixedName.Longest)
        {
            return 0;
        }

        prefix.Byte((byte)'.');
        int count = 0;
        FixedName last = services[service].Name;
        FdIndex index = fds.After(last);
        while (!index.IsNone && IsInOrder(fds[index].Name.Value.Bytes, prefix.Written))
        {
            bool hasPrefix = fds[index].Name.Value.Bytes.StartsWith(prefix.Written);
            count += hasPrefix && fds[index].IsStored ? 1 : 0;
            last = fds[index].Name;
            index = fds.After(last);
        }

        return count;
    }

    // Up to the last name that begins with the prefix.
    private static bool IsInOrder(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix) =>
        name.StartsWith(prefix) || name.SequenceCompareTo(prefix) < 0;

    // One whose close(2) may wait goes where launches leave it behind.
    private FdNumber Move(FdNumber fd, FdBlocking blocking)
    {
        FdNumber high = FdNumber.None;
        if (blocking != FdBlocking.All || kernel.Duplicate(fd, isHigh: true, out high) != Errno.None)
        {
            return fd;
        }

        closer.Close(fd, blocking);
        return high;
    }

    private ReadOnlySpan<byte> WriteName(
        Span<byte> room, ServiceIndex service, ReadOnlySpan<byte> fdName, int number)
    {
        LineWriter name = new(room);
        name.Name(services[service].Name.Value);
        name.Byte((byte)'.');
        name.Text(fdName.IsEmpty ? DefaultName : fdName);
        if (number > 1)
        {
            name.Byte((byte)'.');
            name.Integer(number);
        }

        return room[..name.Length];
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> text) => text[..Math.Min(text.Length, Limits.ErrorText)];
}

using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Recovery;

/// <summary>Conditions that several checks of records have in common.</summary>
internal static class CheckRules
{
    /// <summary>True if a name of a record can be one.</summary>
    public static bool IsName(in FixedName name, int longest) =>
        name.IsSound && Name.TryParse(name.Value.Bytes, longest, out _);

    /// <summary>True if a descriptor is still the file that it was when it was recorded.</summary>
    public static bool IsSameFile(SystemCalls kernel, FdNumber fd, in FdIdentity recorded)
    {
        Errno errno = kernel.Identify(fd, out FdIdentity now);
        return errno == Errno.None ? now.IsSameFile(recorded) : IsUnknown(errno);
    }

    /// <summary>True if a descriptor is the reading end of a pipe of ours, which never waits.</summary>
    public static bool IsReader(SystemCalls kernel, FdNumber fd)
    {
        Errno errno = kernel.Identify(fd, out FdIdentity identity);
        bool isReader = identity.Kind == FdKind.Pipe && identity.Readable && identity.Nonblocking;
        return fd.Value > 2 && (errno == Errno.None ? isReader : IsUnknown(errno));
    }

    /// <summary>
    /// True if nothing is known of a descriptor, which the check of an upgrade takes for sound: asking about those
    /// beside it may wait for a file system.
    /// </summary>
    public static bool IsUnknown(Errno errno) => errno == Errno.ENODATA;
}

using Daemonproxy.Descriptors;
using Daemonproxy.Protocol;

namespace Daemonproxy.Launching;

/// <summary>The ends that a service gets of a connection of its own; none where it names none.</summary>
internal readonly record struct ServiceEnds(FdNumber Commands, FdNumber Events)
{
    public static ServiceEnds None => new(FdNumber.None, FdNumber.None);

    /// <summary>The descriptor that the service gets under this role.</summary>
    public FdNumber For(ControlFdKind role) => role == ControlFdKind.ControlCommand ? Commands : Events;
}

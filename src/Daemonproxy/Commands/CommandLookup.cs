using Daemonproxy.Access;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;

namespace Daemonproxy.Commands;

/// <summary>The objects that fields of a command refer to: services, descriptors, counted signals.</summary>
internal sealed class CommandLookup(
    CommandContext context,
    CommandHelper helper,
    ServiceTable services,
    FdTable fds,
    ControlSockets sockets,
    AccessPolicies access,
    PendingSignals signals)
    : ICommandLookup
{
    public bool HasRoomForService => services.HasRoom;

    // A name that the sender must not see is not looked up: even the time that takes would tell of it.
    public bool TryFindService(Name name, out ServiceIndex index)
    {
        index = ServiceIndex.None;
        return MayMakeService(name) && services.TryFind(name, out index);
    }

    public bool TryFindFd(Name name, out FdIndex index)
    {
        index = FdIndex.None;
        return MayMakeFd(name) && fds.TryFind(name, out index);
    }

    public bool TryFindSocket(Name name, out SocketIndex index) => sockets.TryFind(name, out index);

    public bool MayMakeService(Name name) => access.Sender.IsAll || access.Sees(access.Sender, name.Bytes);

    public bool MayChangeService(ServiceIndex index) =>
        access.Sender.IsAll || access.Owns(access.Sender, services[index].Access);

    public bool MayMakeFd(Name name) => access.Sender.IsAll || access.Sees(access.Sender, name.Bytes);

    public bool MayChangeFd(FdIndex index) => access.Sender.IsAll || access.Owns(access.Sender, fds[index].Access);

    public bool IsConstantFd(FdIndex index) => fds[index].IsConstant;

    public bool IsCounted(Signal signal) => signals.IsCounted(signal);

    /// <summary>Finds it, and leaves it where it is: the command may have to wait for a helper.</summary>
    public bool TryTakeDescriptor(out FdNumber descriptor)
    {
        descriptor = context.Connection.NextDescriptor;
        return !descriptor.IsNone;
    }

    public void CloseDescriptor(FdNumber descriptor)
    {
        context.Connection.TryTakeDescriptor(out _);
        helper.Close(descriptor, FdBlocking.Unknown);
    }
}

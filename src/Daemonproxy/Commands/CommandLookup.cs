using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;

namespace Daemonproxy.Commands;

/// <summary>What the fields of a command refer to: services, descriptors, counted signals.</summary>
internal sealed class CommandLookup(
    CommandContext context, CommandHelper helper, ServiceTable services, FdTable fds, PendingSignals signals)
    : ICommandLookup
{
    public bool HasRoomForService => services.HasRoom;

    public bool TryFindService(Name name, out ServiceIndex index) => services.TryFind(name, out index);

    public bool TryFindFd(Name name, out FdIndex index) => fds.TryFind(name, out index);

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
        helper.Close(descriptor, BlockingCalls.Unknown);
    }
}

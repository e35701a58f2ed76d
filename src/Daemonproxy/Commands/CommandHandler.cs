using System;
using Daemonproxy.Collections;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Shutdown;
using Daemonproxy.Signals;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy.Commands;

/// <summary>
/// What the commands of the spec do; one method for each, in the file of its group. A handler checks what the spec
/// cannot know, changes the state and announces it, or returns an error and changes nothing.
/// </summary>
internal sealed partial class CommandHandler(
    CommandContext context,
    SystemCalls kernel,
    StateImage image,
    Statistics statistics,
    ConnectionTable connections,
    ServiceTable services,
    ServiceManager manager,
    FdTable fds,
    PendingSignals signals,
    Log log,
    DaemonSettings settings,
    ShutdownState state,
    ControlSocket socket,
    UpgradeRequest upgrade) : ICommandHandler
{
    private readonly FixedArray<byte> _path = new(kernel, Limits.Line + 1);
    private readonly FixedArray<byte> _triggers = new(kernel, 2 * Limits.Line);

    /// <summary>The daemon was told to end: no further command runs.</summary>
    public bool IsTerminating => state.IsEnding;

    /// <summary>Whether there is such a command: debug.crash has to be allowed at start.</summary>
    public bool Knows(CommandId id) =>
        id != CommandId.None && (id != CommandId.DebugCrash || settings.AllowsDebugCrash);

    public bool HasRoomForService => services.HasRoom;

    public bool TryFindService(Name name, out ServiceIndex index) => services.TryFind(name, out index);

    public bool TryFindFd(Name name, out FdIndex index) => fds.TryFind(name, out index);

    public bool IsConstantFd(FdIndex index) => fds[index].IsConstant;

    public bool IsCounted(Signal signal) => signals.IsCounted(signal);

    // An error without placeholders, as the lifecycle tells it.
    private static CommandError ErrorOf(ErrorId id) => new(id, default, 0, Errno.None);
}

using System;
using Daemonproxy.Controllers;
using Daemonproxy.Fds;
using Daemonproxy.Image;
using Daemonproxy.Kernels;
using Daemonproxy.Logging;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.Signals;
using Daemonproxy.Time;

namespace Daemonproxy.Commands;

/// <summary>
/// What the commands of the spec do; one method for each, in the file of its group. A handler checks what the spec
/// cannot know, changes the state and announces it, or returns an error and changes nothing.
/// </summary>
internal sealed partial class CommandHandler(
    Kernel kernel,
    StateImage image,
    Statistics statistics,
    ControllerTable controllers,
    ServiceTable services,
    Supervisor supervisor,
    FdTable fds,
    SignalLedger signals,
    Log log,
    Lifetime lifetime,
    ControlSocket socket,
    Reexecution reexecution) : ICommandHandler
{
    private readonly FixedArray<byte> _path = new(kernel, Limits.Line + 1);
    private readonly FixedArray<byte> _triggers = new(kernel, 2 * Limits.Line);
    private Controller _controller = controllers.All[0];
    private Instant _now;

    /// <summary>The daemon was told to end: no further command runs.</summary>
    public bool IsTerminating => lifetime.IsEnding;

    /// <summary>Whether there is such a command: debug.crash has to be allowed at start.</summary>
    public bool Knows(CommandId id) =>
        id != CommandId.None && (id != CommandId.DebugCrash || lifetime.AllowsDebugCrash);

    public bool HasRoomForService => services.HasRoom;

    /// <summary>Who asks, and when: before each command.</summary>
    public void Enter(Controller controller, Instant now)
    {
        // A reference that is stored costs a write barrier, and mostly it is there already.
        if (!ReferenceEquals(_controller, controller))
        {
            _controller = controller;
        }

        _now = now;
    }

    public bool TryFindService(Name name, out ServiceIndex index) => services.TryFind(name, out index);

    public bool TryFindFd(Name name, out FdIndex index) => fds.TryFind(name, out index);

    public bool IsConstantFd(FdIndex index) => fds[index].IsConstant;

    public bool IsCounted(Signal signal) => signals.IsCounted(signal);

    // An error without placeholders, as the lifecycle tells it.
    private static CommandError ErrorOf(ErrorId id) => new(id, default, 0, Errno.None);
}

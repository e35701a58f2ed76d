using Daemonproxy.Kernel;
using Daemonproxy.Shutdown;
using Daemonproxy.Startup;
using Daemonproxy.State;
using Daemonproxy.Upgrade;

namespace Daemonproxy;

/// <summary>The main loop: runs turns until the daemon ends.</summary>
internal sealed class Daemon(SystemCalls kernel, DaemonComponents components)
{
    private readonly StateImage _image = components.Image;
    private readonly ShutdownState _state = components.ShutdownState;
    private readonly UpgradeRequest _upgrade = components.UpgradeRequest;
    private readonly ShutdownSequence _shutdown = components.ShutdownSequence;
    private readonly Turn _turn = new(kernel, components);

    /// <summary>Runs turns until the daemon is ended; returns the exit code.</summary>
    public int Run()
    {
        while (!_state.IsEnding || !TryEnd())
        {
            Turn();
        }

        return _state.ExitCode;
    }

    /// <summary>Ends the daemon, once it is ending; false when it has to keep running all the same.</summary>
    public bool TryEnd()
    {
        _image.Header.Work.Step = TurnStep.Ending;
        _upgrade.Stop();
        components.Helpers.Stop(_turn.Now);
        bool hasEnded = _shutdown.TryEnd(_turn.Now);
        if (!hasEnded && _state.HasExec)
        {
            components.Rescue.NoteFailedEnd();
        }

        return hasEnded;
    }

    /// <summary>One pass of the loop.</summary>
    public void Turn() => _turn.Run();
}

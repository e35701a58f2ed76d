namespace Daemonproxy.State;

/// <summary>The steps of a turn, in their order, as the image notes them.</summary>
internal enum TurnStep
{
    Starting,
    Waiting,
    Signals,
    Reaping,
    Accepting,
    Reading,
    Commands,
    Launching,

    // The number 8 was never noted: dumps are continued in the step of commands.
    Flushing = 9,
    Logging,
    Ending,
}

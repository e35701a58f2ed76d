using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Services;

/// <summary>The words and colours of states.</summary>
internal static class StateWords
{
    /// <summary>The word of a state.</summary>
    public static string Of(ServiceState state) => state switch
    {
        ServiceState.Ready => "ready",
        ServiceState.Up => "up",
        ServiceState.Starting => "starting",
        ServiceState.Waiting => "waiting",
        ServiceState.Stopping => "stopping",
        ServiceState.Done => "done",
        ServiceState.Down => "down",
        _ => "failed",
    };

    /// <summary>The colour of a state.</summary>
    public static Colour ColourOf(ServiceState state) => state switch
    {
        ServiceState.Failed => Colour.Red,
        ServiceState.Starting or ServiceState.Waiting or ServiceState.Stopping => Colour.Yellow,
        _ => Colour.None,
    };
}

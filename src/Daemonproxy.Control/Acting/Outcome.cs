using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Acting;

/// <summary>The outcome of a service: the final form of its line.</summary>
/// <param name="Name">The service.</param>
/// <param name="Word">Its state, or <c>stopped</c>.</param>
/// <param name="Detail">The rest of the line.</param>
internal sealed record Outcome(string Name, string Word, string Detail)
{
    public Colour Colour { get; init; }

    /// <summary>True if the service is not in the requested state.</summary>
    public bool IsFailed { get; init; }

    /// <summary>True if nothing has run whose output could say more.</summary>
    public bool IsRefused { get; init; }

    /// <summary>
    /// After a timeout, the sentence about a service that may still reach the requested state; otherwise null.
    /// </summary>
    public string? Late { get; init; }

    /// <summary>The outcome of a service that is in a state.</summary>
    public static Outcome Of(ServiceView service, string detail, bool isFailed = false) =>
        new(service.Name, service.Word, detail) { Colour = StateWords.ColourOf(service.State), IsFailed = isFailed };
}

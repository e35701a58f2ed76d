using System;

namespace Daemonproxy.Control.Text;

/// <summary>The colours of words; a word says the same without its colour.</summary>
internal enum Colour
{
    None,
    Red,
    Yellow,
    Bold,
}

/// <summary>When there are colours.</summary>
internal static class ColourChoice
{
    /// <summary>The values of <c>--color</c>.</summary>
    public static string[] Words { get; } = ["auto", "always", "never"];

    /// <summary>
    /// True if a stream gets colours: <c>auto</c> is a terminal that is not <c>dumb</c>, without NO_COLOR.
    /// </summary>
    public static bool For(Output output, string choice) => choice switch
    {
        "always" => true,
        "never" => false,
        _ => output.IsTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb",
    };
}

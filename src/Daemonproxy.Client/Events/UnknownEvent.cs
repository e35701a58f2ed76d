namespace Daemonproxy.Client;

/// <summary>
/// A line that is not an event of this client: an event of a newer daemon, or a text without a name.
/// </summary>
/// <param name="Line">
/// The line, without its line feed. A byte that is not part of valid UTF-8 is a lone surrogate, U+DC80 to U+DCFF.
/// </param>
public sealed record UnknownEvent(string Line) : DaemonEvent
{
    /// <summary>The fields of the line.</summary>
    public TextList Fields => TextList.Create(Line.Split('\t'));
}

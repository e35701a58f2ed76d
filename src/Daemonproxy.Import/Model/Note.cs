namespace Daemonproxy.Import.Model;

/// <summary>Something that was not carried over.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Text">What it is: <c>events=TICK_60</c>.</param>
/// <param name="Reason">Why it was not, or what to do about it; without a full stop.</param>
internal sealed record Note(SourcePlace Place, string Text, string Reason);

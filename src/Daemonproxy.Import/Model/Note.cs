namespace Daemonproxy.Import.Model;

/// <summary>A note on a setting that was not carried over.</summary>
/// <param name="Place">Its place.</param>
/// <param name="Text">The setting: <c>events=TICK_60</c>.</param>
/// <param name="Reason">The reason, or advice; without a full stop.</param>
internal sealed record Note(SourcePlace Place, string Text, string Reason);

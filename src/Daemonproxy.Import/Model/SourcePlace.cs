namespace Daemonproxy.Import.Model;

/// <summary>A line of a file.</summary>
/// <param name="File">Its path.</param>
/// <param name="Line">The line, from 1; 0 for the file as a whole.</param>
internal readonly record struct SourcePlace(string File, int Line);

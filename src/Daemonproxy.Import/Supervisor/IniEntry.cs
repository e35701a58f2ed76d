using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Supervisor;

/// <summary>A setting of an ini file.</summary>
/// <param name="Key">Its name in lower case.</param>
/// <param name="Value">Its value; the lines of one that goes on are joined by line ends.</param>
/// <param name="Place">Where it is.</param>
/// <param name="Column">The character at which it begins.</param>
internal sealed record IniEntry(string Key, string Value, SourcePlace Place, int Column)
{
    /// <summary>As it stands there.</summary>
    public string Text => $"{Key}={Value}";
}

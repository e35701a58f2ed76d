using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Supervisor;

/// <summary>A setting of an ini file.</summary>
/// <param name="Key">Its name in lower case.</param>
/// <param name="Value">Its value; the lines of a continued value are joined by line ends.</param>
/// <param name="Place">Its place.</param>
/// <param name="Column">Its first character.</param>
internal sealed record IniEntry(string Key, string Value, SourcePlace Place, int Column)
{
    /// <summary>The line as written.</summary>
    public string Text => $"{Key}={Value}";
}

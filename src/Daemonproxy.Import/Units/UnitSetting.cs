using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>A line of a unit file.</summary>
/// <param name="Section">The section it is in; empty for none.</param>
/// <param name="Key">The key; empty for a line that is not an assignment.</param>
/// <param name="Value">The value, without the blanks around it; for other lines the line.</param>
/// <param name="Place">Its place.</param>
internal sealed record UnitSetting(string Section, string Key, string Value, SourcePlace Place)
{
    /// <summary>The line as written.</summary>
    public string Text => Key.Length == 0 ? Value : $"{Key}={Value}";
}

using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>A line of a unit file.</summary>
/// <param name="Section">The section it is in; empty for none.</param>
/// <param name="Key">What is set; empty for a line that sets nothing.</param>
/// <param name="Value">The value, without the blanks around it; of a line that sets nothing, the line.</param>
/// <param name="Place">Where it is.</param>
internal sealed record UnitSetting(string Section, string Key, string Value, SourcePlace Place)
{
    /// <summary>As it stands there.</summary>
    public string Text => Key.Length == 0 ? Value : $"{Key}={Value}";
}

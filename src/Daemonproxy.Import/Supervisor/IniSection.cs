using System.Collections.Generic;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Supervisor;

/// <summary>A section of an ini file.</summary>
/// <param name="Name">The text between the brackets.</param>
/// <param name="Place">Its place.</param>
internal sealed record IniSection(string Name, SourcePlace Place)
{
    public OrderedDictionary<string, IniEntry> Entries { get; } = [];

    /// <summary>The part before the colon: <c>program</c>.</summary>
    public string Kind => Name.Split(':', 2)[0];

    /// <summary>The part after the colon.</summary>
    public string Title => Name.Split(':', 2) is [_, var title] ? title.Trim() : "";
}

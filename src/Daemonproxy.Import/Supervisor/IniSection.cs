using System.Collections.Generic;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Supervisor;

/// <summary>A section of an ini file.</summary>
/// <param name="Name">What is between the brackets.</param>
/// <param name="Place">Where it begins.</param>
internal sealed record IniSection(string Name, SourcePlace Place)
{
    public OrderedDictionary<string, IniEntry> Entries { get; } = [];

    /// <summary>What is before the colon: <c>program</c>.</summary>
    public string Kind => Name.Split(':', 2)[0];

    /// <summary>What is behind it.</summary>
    public string Title => Name.Split(':', 2) is [_, var title] ? title.Trim() : "";
}

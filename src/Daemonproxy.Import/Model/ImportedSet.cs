using System.Collections.Generic;

namespace Daemonproxy.Import.Model;

/// <summary>All that was read.</summary>
/// <param name="path">The imported path, as given.</param>
/// <param name="main">The file whose lines are shown without its name.</param>
internal sealed class ImportedSet(string path, string main)
{
    public string Path => path;

    public string Main => main;

    public List<ImportedService> Services { get; } = [];

    /// <summary>Other names of services, which dependencies may use.</summary>
    public Dictionary<string, string> Aliases { get; } = [];

    /// <summary>Comments below the first line.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>Notes that belong to no service.</summary>
    public List<Note> Notes { get; } = [];

    public void Not(SourcePlace place, string text, string reason) => Notes.Add(new Note(place, text, reason));
}

using System.Collections.Generic;

namespace Daemonproxy.Import.Model;

/// <summary>All that was read.</summary>
/// <param name="path">What was imported, as it was named.</param>
/// <param name="main">The file whose lines are given without its name.</param>
internal sealed class ImportedSet(string path, string main)
{
    public string Path => path;

    public string Main => main;

    public List<ImportedService> Services { get; } = [];

    /// <summary>Other names of services: what a dependency may call them.</summary>
    public Dictionary<string, string> Aliases { get; } = [];

    /// <summary>Comments below the first line.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>What could not be carried over and belongs to no service.</summary>
    public List<Note> Notes { get; } = [];

    public void Not(SourcePlace place, string text, string reason) => Notes.Add(new Note(place, text, reason));
}

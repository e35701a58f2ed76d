using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Writing;

/// <summary>Writes the file, and keeps the service of each line.</summary>
internal sealed class ServicesWriter
{
    private readonly ImportedSet _set;
    private readonly StringBuilder _text = new();
    private readonly List<ImportedService?> _owners = [];

    private ServicesWriter(ImportedSet set) => _set = set;

    public string Text => _text.ToString();

    /// <summary>The service of a line, counted from 1; null for none.</summary>
    public ImportedService? OwnerOf(int line) => line >= 1 && line <= _owners.Count ? _owners[line - 1] : null;

    public static ServicesWriter Write(ImportedSet set)
    {
        var writer = new ServicesWriter(set);
        writer.Add($"# From {TomlValue.Comment(set.Path)}. NOT: was not carried over.", null);
        writer.AddComments(set.Remarks, writer.InOrder(set.Notes, 0), null);
        bool isFirst = set.Remarks.Count + set.Notes.Count == 0;
        foreach (ImportedService service in set.Services)
        {
            if (!isFirst)
            {
                writer.Add("", null);
            }

            isFirst = false;
            writer.Add(service);
        }

        return writer;
    }

    private void Add(ImportedService service)
    {
        AddComments(service.Remarks, [], service);
        foreach (string line in ServiceTable.Lines(service))
        {
            Add(service.IsRefused ? $"# {line}" : line, service);
        }

        AddComments([], InOrder(service.Notes, service.IsRefused ? 1 : 0), service);
    }

    // The reason for a service that is a comment comes first, then the lines of the main file, then those of others.
    private List<Note> InOrder(List<Note> notes, int first)
    {
        List<string> files = [_set.Main, .. notes.Select(static note => note.Place.File)];
        return
        [
            .. notes.Take(first),
            .. notes.Skip(first).OrderBy(note => files.IndexOf(note.Place.File)).ThenBy(static note => note.Place.Line),
        ];
    }

    private void AddComments(List<string> remarks, List<Note> notes, ImportedService? owner)
    {
        foreach (string remark in remarks)
        {
            Add($"# {TomlValue.Comment(remark)}", owner);
        }

        foreach (Note note in notes)
        {
            Add($"# NOT {PlaceOf(note.Place)}{TomlValue.Comment(note.Text)} ({TomlValue.Comment(note.Reason)})", owner);
        }
    }

    // The file is named if it is not the one of the first line.
    private string PlaceOf(SourcePlace place)
    {
        string line = place.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"line {place.Line}");
        string file = place.File == _set.Main ? ""
            : TomlValue.Comment(Path.GetFileName(place.File.TrimEnd('/')));
        string between = line.Length > 0 && file.Length > 0 ? " of " : "";
        string all = line + between + file;
        return all.Length == 0 ? "" : $"{all}: ";
    }

    private void Add(string line, ImportedService? owner)
    {
        _text.Append(line).Append('\n');
        _owners.Add(owner);
    }
}

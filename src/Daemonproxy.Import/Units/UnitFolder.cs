using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>
/// A directory of unit files: finds units, templates of instances, and drop-ins, according to systemd.unit(5).
/// </summary>
internal sealed class UnitFolder(string folder)
{
    private static readonly string[] _vendorFolders = ["/usr/lib/systemd/system", "/lib/systemd/system"];

    // The directories in which an administrator overrides packages.
    private static readonly string[] _localFolders = ["/run/systemd/system", "/etc/systemd/system"];

    /// <summary>Its path.</summary>
    public string Path => folder;

    /// <summary>The names of the files in it, in byte order.</summary>
    /// <exception cref="ImportException">The directory cannot be listed.</exception>
    public List<string> Names()
    {
        try
        {
            return
            [
                .. Directory.EnumerateFileSystemEntries(folder)
                    .Select(static path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(
                folder, problem is UnauthorizedAccessException ? "Permission denied" : problem.Message.TrimEnd('.'));
        }
    }

    /// <summary>Returns true for a masked unit: a link to /dev/null.</summary>
    public bool IsMasked(string name) => LinkTarget(name) is "/dev/null";

    /// <summary>The unit of this directory to which a link leads; null if it is not a link to another unit.</summary>
    public string? AliasOf(string name)
    {
        string target = System.IO.Path.GetFileName(LinkTarget(name) ?? name);
        return target != name && FileKinds.Of(PathOf(target)) == FileKind.Regular ? target : null;
    }

    /// <summary>Reads a unit with its drop-ins; null if it does not exist.</summary>
    /// <exception cref="ImportException">One of its files cannot be read.</exception>
    public Unit? Load(string text)
    {
        var name = UnitName.Parse(text);
        string path = PathOf(text);
        if (FileKinds.Of(path) == FileKind.Missing && name.Template is { } template)
        {
            path = PathOf(template);
        }

        if (FileKinds.Of(path) == FileKind.Missing)
        {
            return null;
        }

        List<UnitSetting> settings = UnitFile.Read(SourceFile.Read(path));
        foreach (string dropIn in DropIns(name))
        {
            settings.AddRange(UnitFile.Read(SourceFile.Read(dropIn)));
        }

        return new Unit(name, path, settings);
    }

    /// <summary>The units that links in directories of wants and needs name.</summary>
    public HashSet<string> Linked() =>
    [
        .. Names().Where(static name => name.EndsWith(".wants", StringComparison.Ordinal)
            || name.EndsWith(".requires", StringComparison.Ordinal))
            .Where(name => FileKinds.Of(PathOf(name)) == FileKind.Directory)
            .SelectMany(name => new UnitFolder(PathOf(name)).Names()),
    ];

    private string PathOf(string name) => System.IO.Path.Combine(folder, name);

    private string? LinkTarget(string name)
    {
        try
        {
            return new FileInfo(PathOf(name)).LinkTarget is null
                ? null
                : File.ResolveLinkTarget(PathOf(name), returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // In the order of their file names, whatever directory they are in; of several with one name the last one applies.
    private List<string> DropIns(UnitName name)
    {
        SortedDictionary<string, string> found = new(StringComparer.Ordinal);
        bool isVendors = _vendorFolders.Contains(System.IO.Path.GetFullPath(folder).TrimEnd('/'));
        foreach (string place in isVendors ? [folder, .. _localFolders] : new[] { folder })
        {
            foreach (string owner in Owners(name))
            {
                string inner = System.IO.Path.Combine(place, $"{owner}.d");
                if (FileKinds.Of(inner) != FileKind.Directory)
                {
                    continue;
                }

                foreach (string file in new UnitFolder(inner).Names().Where(static one =>
                    one.EndsWith(".conf", StringComparison.Ordinal)))
                {
                    found[file] = System.IO.Path.Combine(inner, file);
                }
            }
        }

        return [.. found.Values];
    }

    // From the most general one: all of the kind, foo-.service, the template, the unit.
    private static IEnumerable<string> Owners(UnitName name)
    {
        yield return name.Suffix;
        for (int dash = 0; (dash = name.Prefix.IndexOf('-', dash)) >= 0; dash++)
        {
            yield return $"{name.Prefix[..(dash + 1)]}.{name.Suffix}";
        }

        if (name.Template is { } template)
        {
            yield return template;
        }

        yield return name.Text;
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Import.Model;

namespace Daemonproxy.Import.Units;

/// <summary>A unit with its drop-ins.</summary>
/// <param name="Name">Its name, with the instance.</param>
/// <param name="Path">The file.</param>
/// <param name="Settings">All lines, those of drop-ins after those of the file.</param>
internal sealed record Unit(UnitName Name, string Path, List<UnitSetting> Settings)
{
    public SourcePlace Place => new(Path, 1);

    /// <summary>True if another unit starts it: set by links in a directory of wants.</summary>
    public bool IsLinked { get; set; }

    /// <summary>The last value of a key; null if it is not set, or reset.</summary>
    public UnitSetting? Find(string section, string key)
    {
        UnitSetting? last = Settings.FindLast(one => one.Section == section && one.Key == key);
        return last is { Value.Length: > 0 } ? last : null;
    }

    /// <summary>The values of a list, those after the last one that is empty.</summary>
    public List<UnitSetting> FindAll(string section, string key)
    {
        List<UnitSetting> all = [.. Settings.Where(one => one.Section == section && one.Key == key)];
        int reset = all.FindLastIndex(static one => one.Value.Length == 0);
        return all[(reset + 1)..];
    }

    /// <summary>The words of such a list.</summary>
    public IEnumerable<(string Word, UnitSetting Setting)> WordsOf(string section, string key) =>
        FindAll(section, key).SelectMany(static one => one.Value
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => (word, one)));
}

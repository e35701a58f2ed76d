using System;
using System.Collections.Generic;
using System.IO;

namespace Daemonproxy.JobsBench;

/// <summary>
/// A folder that goes with its owner, but not before the end of the run: for a minute ext4 gives no inode of a removed
/// file to a new one, and looks at all of them, so that whoever comes next would pay for the files of whoever was
/// before.
/// </summary>
internal sealed class Folder : IDisposable
{
    private static readonly List<string> _disposed = [];

    public Folder(string parent)
    {
        Path = System.IO.Path.Combine(parent, $"jobs-bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => _disposed.Add(Path);

    /// <summary>Removes what belonged to owners that are gone.</summary>
    public static void RemoveAll()
    {
        _disposed.ForEach(static path => Directory.Delete(path, recursive: true));
        _disposed.Clear();
    }
}

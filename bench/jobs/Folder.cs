using System;
using System.IO;

namespace Daemonproxy.JobsBench;

/// <summary>A folder that goes with its owner.</summary>
internal sealed class Folder : IDisposable
{
    public Folder(string parent)
    {
        Path = System.IO.Path.Combine(parent, $"jobs-bench-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

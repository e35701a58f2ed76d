using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Daemonproxy.Agent.Planning;
using Daemonproxy.Jobs.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Agent.Running;

/// <summary>The outputs of runs, a file for each, until Redis has them.</summary>
internal sealed class RunFiles
{
    // With less free space a job would lose output.
    private const long LeastRoom = 1024 * 1024;

    private readonly string _folder;

    /// <exception cref="IOException">The directory cannot be made, or is not safe.</exception>
    public RunFiles(string directory)
    {
        _folder = Path.Combine(directory, "output");
        KernelFiles.MakeDirectory(directory);
        KernelFiles.MakeDirectory(_folder);
    }

    /// <exception cref="IOException">It cannot be made, or the disk is full.</exception>
    public SafeFileHandle Create(RunTerms terms)
    {
        if (new DriveInfo(_folder).AvailableFreeSpace < LeastRoom)
        {
            throw new IOException($"The disk of {_folder} is full: less than 1 MiB is free.");
        }

        return KernelFiles.CreateAppended(PathOf(terms));
    }

    /// <summary>A part of the output of a run; empty at its end, and if the file is lost.</summary>
    public byte[] Read(RunTerms terms, long offset, int most)
    {
        try
        {
            using SafeFileHandle file = KernelFiles.OpenRead(PathOf(terms));
            byte[] bytes = new byte[Math.Clamp(RandomAccess.GetLength(file) - offset, 0, most)];
            int read = RandomAccess.Read(file, bytes, offset);
            return bytes[..read];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public long SizeOf(RunTerms terms)
    {
        var file = new FileInfo(PathOf(terms));
        return file.Exists ? file.Length : 0;
    }

    public void Remove(RunTerms terms) => Remove(PathOf(terms));

    /// <summary>Removes files that no run has.</summary>
    public void Sweep(IEnumerable<RunTerms> known)
    {
        HashSet<string> kept = new(StringComparer.Ordinal);
        foreach (RunTerms terms in known)
        {
            kept.Add(PathOf(terms));
        }

        foreach (string path in Directory.EnumerateFiles(_folder, "*.log"))
        {
            if (!kept.Contains(path))
            {
                Remove(path);
            }
        }
    }

    private string PathOf(RunTerms terms) => Path.Combine(
        _folder, string.Create(CultureInfo.InvariantCulture, $"{terms.Name}.{terms.Fence}.log"));

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The next start removes it.
        }
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Daemonproxy.Jobs.Kernel;
using Daemonproxy.Jobs.Records;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Jobs.Outputs;

/// <summary>
/// The directory of an application: its records, a folder of outputs with one file for each job, a folder of inputs.
/// </summary>
internal sealed class JobFiles
{
    private readonly string _outputs;
    private readonly string _inputs;

    /// <exception cref="JobsException">The directory cannot be made or used.</exception>
    public JobFiles(string directory)
    {
        Root = directory;
        _outputs = Path.Combine(directory, "output");
        _inputs = Path.Combine(directory, "input");
        try
        {
            KernelFiles.MakeDirectory(directory);
            KernelFiles.MakeDirectory(_outputs);
            KernelFiles.MakeDirectory(_inputs);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw problem is IOException file
                ? JobStore.FaultOf(file)
                : new JobsException(JobsFault.Storage, problem.Message, problem);
        }
    }

    public string Root { get; }

    public string Outputs => _outputs;

    public string Records => Path.Combine(Root, "jobs.db");

    public string Lock => Path.Combine(Root, "lock");

    /// <summary>The output file of a job.</summary>
    public string OutputOf(string name, string id) => Path.Combine(_outputs, $"{name}.{id}.log");

    /// <summary>Opens the output file of a job, and creates it before the first try.</summary>
    /// <exception cref="IOException">It does not work.</exception>
    public SafeFileHandle OpenForJob(string name, string id)
    {
        string path = OutputOf(name, id);
        try
        {
            return KernelFiles.OpenAppended(path);
        }
        catch (FileNotFoundException)
        {
            return KernelFiles.CreateAppended(path);
        }
    }

    /// <summary>Opens the standard input of a job, at its beginning.</summary>
    /// <exception cref="IOException">It does not work.</exception>
    public SafeFileHandle OpenInput(string id) => KernelFiles.OpenRead(InputOf(id));

    /// <summary>Stores the standard input of a job on the disk.</summary>
    /// <exception cref="JobsException">The input cannot be stored; no part of it remains.</exception>
    public async Task KeepInputAsync(string id, Stream input, CancellationToken cancellation)
    {
        string path = InputOf(id);
        try
        {
            using SafeFileHandle handle = KernelFiles.Create(path);
            await using var file = new FileStream(handle, FileAccess.Write);
            await input.CopyToAsync(file, cancellation).ConfigureAwait(false);
            await file.FlushAsync(cancellation).ConfigureAwait(false);
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception problem)
        {
            File.Delete(path);
            if (problem is IOException full)
            {
                throw JobStore.FaultOf(full);
            }

            throw;
        }
    }

    public void RemoveInput(string id) => Remove(InputOf(id));

    /// <summary>Removes the files of a job.</summary>
    public void RemoveAll(string name, string id)
    {
        Remove(OutputOf(name, id));
        Remove(InputOf(id));
    }

    public bool HasInput(string id) => File.Exists(InputOf(id));

    public long SizeOfOutput(string name, string id)
    {
        var file = new FileInfo(OutputOf(name, id));
        return file.Exists ? file.Length : 0;
    }

    /// <summary>Removes files without a record: those of requests that were never accepted.</summary>
    public void Sweep(HashSet<string> known)
    {
        foreach (string path in Directory.EnumerateFiles(_inputs))
        {
            if (!known.Contains(Path.GetFileName(path)))
            {
                Remove(path);
            }
        }

        foreach (string path in Directory.EnumerateFiles(_outputs, "*.log"))
        {
            string id = Path.GetExtension(Path.GetFileNameWithoutExtension(path)).TrimStart('.');
            if (!known.Contains(id))
            {
                Remove(path);
            }
        }
    }

    private string InputOf(string id) => Path.Combine(_inputs, id);

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

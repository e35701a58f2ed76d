using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;

namespace Daemonproxy.Control.Views;

/// <summary>The destination of the output of a service.</summary>
/// <param name="Path">The file; null if there is none.</param>
/// <param name="Reason">The reason why there is none, as a sentence.</param>
internal sealed record OutputFile(string? Path, string Reason)
{
    /// <summary>True if the daemon, and all that share its output, write there, too.</summary>
    public bool IsShared { get; init; }
}

/// <summary>
/// Finds the files that services write to: behind descriptor 2, or 1; through a pipe, the file that its logger writes.
/// </summary>
internal sealed class OutputFiles(StateSnapshot state, int? daemon)
{
    /// <summary>The daemon's text for a descriptor that it did not open itself.</summary>
    public const string Unknown = "unknown";

    /// <summary>The file of a service.</summary>
    public OutputFile Of(ServiceView service)
    {
        if (service.Tag is { LogFile.Length: > 0 } tag)
        {
            return new OutputFile(tag.LogFile, "");
        }

        TextList fds = service.Service.Fds;
        string reason = "Its output goes nowhere";
        foreach (int number in (int[])[2, 1])
        {
            if (number >= fds.Count || fds[number] is "null" or "-")
            {
                continue;
            }

            OutputFile found = OfDescriptor(fds[number]);
            if (found.Path is not null)
            {
                return found;
            }

            reason = found.Reason;
        }

        return new OutputFile(null, reason);
    }

    private OutputFile OfDescriptor(string name)
    {
        FdStateEvent? fd = state.Fds.GetValueOrDefault(name);
        if (fd is FdStateFileEvent file && file.Text != Unknown)
        {
            return OfPath(file.Text);
        }

        if (fd is FdStateSpecialEvent or FdStateFileEvent)
        {
            return OfSpecial(name);
        }

        return fd is FdStateWriterEvent { Text: { } reader } ? OfReader(reader.Text ?? "")
            : fd is FdStateSocketEvent ? new OutputFile(null, "Its output goes to a socket")
            : new OutputFile(null, "Its output goes to a pipe whose reader has no file");
    }

    // The daemon's own descriptors; a service that writes to `stderr` writes to the daemon's log.
    private OutputFile OfSpecial(string name)
    {
        int? number = name switch { "stdout" => 1, "stderr" => 2, _ => null };
        return number is { } own && daemon is { } pid && DaemonFiles.Resolve(pid, own) is { } path
            ? new OutputFile(path, "") { IsShared = true }
            : new OutputFile(null, $"Its output goes to {name} of the daemon, which is no known file");
    }

    private OutputFile OfPath(string path)
    {
        if (path.StartsWith('/'))
        {
            return path.StartsWith("/dev/", StringComparison.Ordinal)
                ? new OutputFile(null, $"Its output goes to {path}")
                : new OutputFile(path, "");
        }

        string? folder = daemon is { } pid ? DaemonFiles.FolderOf(pid) : null;
        return folder is null || path.Length == 0
            ? new OutputFile(null, "Its output goes to an unknown file")
            : new OutputFile(Path.Combine(folder, path), "");
    }

    // The service that reads the pipe, and its file.
    private OutputFile OfReader(string reader)
    {
        ServiceInfo? logger = state.Services.Values
            .FirstOrDefault(service => service.Fds.Count > 0 && service.Fds[0] == reader);
        return logger is { Fds.Count: > 1 } && state.Fds.GetValueOrDefault(logger.Fds[1]) is FdStateFileEvent file
            ? OfPath(file.Text)
            : new OutputFile(null, "Its output goes to a pipe whose reader has no file");
    }
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.RunDirectories;

/// <summary>
/// Imports service directories: one, or all of a directory. Their programs run unchanged, in their directory.
/// </summary>
internal static class RunImporter
{
    public static ImportedSet Import(ImportKind kind, string path)
    {
        if (FileKinds.Of(path) is var found && found != FileKind.Directory)
        {
            throw new ImportException(path, found == FileKind.Missing
                ? "No such file or directory"
                : "a service is a directory with a program run in it");
        }

        var set = new ImportedSet(path, "");
        string whole = Path.GetFullPath(path).TrimEnd('/');
        if (IsService(kind, whole))
        {
            Add(kind, whole, set);
        }
        else
        {
            foreach (string folder in Folders(path, whole))
            {
                if (IsService(kind, folder))
                {
                    Add(kind, folder, set);
                }
                else
                {
                    set.Not(new SourcePlace("", 0), Path.GetFileName(folder), "there is no program run in it");
                }
            }
        }

        if (set.Services.Count == 0)
        {
            throw new ImportException(path, "there is no program run in it, nor in a directory below");
        }

        RcDefinitions.ExpandBundles(set);
        return set;
    }

    private static bool IsService(ImportKind kind, string folder) =>
        FileKinds.Of(Path.Combine(folder, "run")) != FileKind.Missing
        || (kind == ImportKind.S6 && FileKinds.Of(Path.Combine(folder, "type")) == FileKind.Regular);

    // A name that begins with a dot is not a service.
    private static List<string> Folders(string path, string whole)
    {
        try
        {
            return
            [
                .. Directory.EnumerateDirectories(whole)
                    .Where(static folder => !Path.GetFileName(folder).StartsWith('.'))
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ImportException(
                path, problem is UnauthorizedAccessException ? "Permission denied" : problem.Message.TrimEnd('.'));
        }
    }

    private static void Add(ImportKind kind, string folder, ImportedSet set)
    {
        if (kind == ImportKind.S6 && RcDefinitions.Add(folder, set))
        {
            return;
        }

        string name = Path.GetFileName(folder);
        ImportedService service = new RunDirectory(kind, folder, name, name).Read();
        set.Services.Add(service);
        string log = Path.Combine(folder, "log");
        if (FileKinds.Of(Path.Combine(log, "run")) != FileKind.Missing)
        {
            ImportedService logger = new RunDirectory(kind, log, $"{name}/log", $"{name}.log").Read();
            logger.LogFile = LoggerFile.Of(log);
            service.Logger = new Dependency(logger.Original, new SourcePlace(log, 0), "log/run");
            set.Services.Add(logger);
        }
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.RunDirectories;

/// <summary>
/// Definition directories of s6-rc, the sources of s6-rc-compile: longruns, oneshots and bundles, with their
/// dependencies.
/// </summary>
internal static class RcDefinitions
{
    private const string Bundle = "bundle ";

    // The text of a note names the file already.
    private static readonly SourcePlace _nowhere = new("", 0);

    /// <summary>Adds a definition to a set.</summary>
    /// <returns>False if it is a plain service directory.</returns>
    /// <exception cref="ImportException">Its type is unknown.</exception>
    public static bool Add(string folder, ImportedSet set)
    {
        string typeFile = Path.Combine(folder, "type");
        if (FileKinds.Of(typeFile) != FileKind.Regular)
        {
            return false;
        }

        string name = Path.GetFileName(folder);
        switch (SourceFile.Read(typeFile).Text.Trim())
        {
            case "longrun":
                AddLongrun(folder, name, set);
                break;
            case "oneshot":
                AddOneshot(folder, name, set);
                break;
            case "bundle":
                List<string> members = Names(folder, "contents");
                set.Aliases[name] = Bundle + string.Join(' ', members);
                set.Not(
                    _nowhere, $"{name} (a bundle)", $"it is a name for {string.Join(' ', members)}");
                break;
            default:
                throw new ImportException(typeFile, "the type is longrun, oneshot or bundle");
        }

        return true;
    }

    /// <summary>Puts the members of bundles in place of their names, also those of bundles in bundles.</summary>
    public static void ExpandBundles(ImportedSet set)
    {
        foreach (ImportedService service in set.Services)
        {
            for (int round = 0; round < set.Aliases.Count + 1; round++)
            {
                Dependency[] needs = [.. service.Needs];
                service.Needs.Clear();
                foreach (Dependency other in needs)
                {
                    service.Needs.AddRange(MembersOf(other, set));
                }

                List<Dependency> unique = [.. service.Needs.DistinctBy(static other => other.Target)];
                service.Needs.Clear();
                service.Needs.AddRange(unique);
            }
        }

        foreach (string bundle in set.Aliases.Keys.ToArray())
        {
            set.Aliases.Remove(bundle);
        }
    }

    private static IEnumerable<Dependency> MembersOf(Dependency other, ImportedSet set) =>
        set.Aliases.TryGetValue(other.Target, out string? members)
            ? members[Bundle.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(member => other with { Target = member })
            : [other];

    private static void AddLongrun(string folder, string name, ImportedSet set)
    {
        ImportedService service = new RunDirectory(ImportKind.S6, folder, name, name).Read();
        AddNeeds(folder, service);
        List<string> consumers = Names(folder, "producer-for");
        if (consumers.Count > 0 && Names(folder, "consumer-for").Count > 0)
        {
            service.Not(_nowhere, $"producer-for={consumers[0]}",
                "what reads a pipe cannot write one as well");
        }
        else if (consumers.Count > 0)
        {
            service.Logger = new Dependency(
                consumers[0], _nowhere, $"producer-for={consumers[0]}");
        }

        if (Names(folder, "consumer-for").Count > 0)
        {
            service.LogFile = LoggerFile.Of(folder);
        }

        set.Services.Add(service);
    }

    // The file up is a command line of execline.
    private static void AddOneshot(string folder, string name, ImportedSet set)
    {
        var service = new ImportedService(name, name, new SourcePlace(folder, 0))
        {
            Command = ["execlineb", "-P", Path.Combine(folder, "up")],
            Ready = "exit",
            Umask = "022",
            Restart = new RestartPolicy { When = RestartWhen.Never },
        };
        if (FileKinds.Of(Path.Combine(folder, "up")) == FileKind.Missing)
        {
            service.Refuse(_nowhere, name, "it has no up");
        }

        if (FileKinds.Of(Path.Combine(folder, "down")) != FileKind.Missing)
        {
            service.Not(_nowhere, "down", "nothing undoes a task when it is stopped");
        }

        if (Names(folder, "timeout-up") is [var text] && long.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds))
        {
            service.ReadyWithin = (milliseconds + 999) / 1000;
        }

        AddNeeds(folder, service);
        set.Services.Add(service);
    }

    private static void AddNeeds(string folder, ImportedService service) => service.Needs.AddRange(
        Names(folder, "dependencies").Select(other => new Dependency(
            other, _nowhere, $"dependencies={other}")));

    // The lines of a file, or the names in the directory that replaces it in newer versions.
    private static List<string> Names(string folder, string file)
    {
        List<string> names = [];
        if (FileKinds.Of(Path.Combine(folder, file)) == FileKind.Regular)
        {
            names.AddRange(SourceFile.Read(Path.Combine(folder, file)).Lines
                .Select(static line => line.Trim()).Where(static line => line.Length > 0 && line[0] != '#'));
        }

        string inner = Path.Combine(folder, $"{file}.d");
        if (FileKinds.Of(inner) == FileKind.Directory)
        {
            try
            {
                names.AddRange(Directory.EnumerateFiles(inner).Select(static path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal));
            }
            catch (UnauthorizedAccessException)
            {
                throw new ImportException(inner, "Permission denied");
            }
        }

        return names;
    }
}

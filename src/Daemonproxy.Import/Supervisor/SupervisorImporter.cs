using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Supervisor;

/// <summary>Imports the programs of a configuration of supervisord, with the files that it includes.</summary>
internal sealed class SupervisorImporter
{
    private const int MostFiles = 1000;

    private readonly ImportedSet _set;
    private readonly List<IniSection> _sections = [];
    private readonly string _folder;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private SupervisorImporter(string path)
    {
        _set = new ImportedSet(path, path);
        _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _values["here"] = _folder;
        _values["host_node_name"] = Environment.MachineName;
    }

    public static ImportedSet Import(string path)
    {
        if (FileKinds.Of(path) == FileKind.Directory)
        {
            throw new ImportException(path, "it is a directory: name the file that includes the others");
        }

        var importer = new SupervisorImporter(path);
        importer.ReadFiles(path);
        importer.AddPrograms();
        return importer._set;
    }

    private void ReadFiles(string path)
    {
        _sections.AddRange(IniFile.Read(SourceFile.Read(path)));
        foreach (IniSection include in _sections.FindAll(static one => one.Name == "include"))
        {
            if (!include.Entries.TryGetValue("files", out IniEntry? files))
            {
                _set.Not(include.Place, "[include]", "it has no files=");
                continue;
            }

            foreach (string file in Included(files).Distinct())
            {
                List<IniSection> sections = IniFile.Read(SourceFile.Read(file));
                foreach (IniSection inner in sections.FindAll(static one => one.Name == "include"))
                {
                    _set.Not(inner.Place, "[include]", "an included file cannot include others");
                }

                _sections.AddRange(sections.Where(static one => one.Name != "include"));
            }
        }
    }

    // Patterns with blanks between them, relative to the file, in the order of names.
    private List<string> Included(IniEntry files)
    {
        List<string> found = [];
        var expansion = new Expansion(_values);
        foreach (string word in files.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            string pattern;
            try
            {
                pattern = Path.GetFullPath(expansion.Expand(word, Environment.GetEnvironmentVariable), _folder);
            }
            catch (FormatException problem)
            {
                throw new ImportException(files.Place.File, files.Place.Line, files.Column, problem.Message);
            }

            found.AddRange(FilePattern.Expand(pattern, MostFiles).Order(StringComparer.Ordinal));
        }

        if (found.Count == 0)
        {
            _set.Not(files.Place, files.Text, "there is no such file");
        }

        return found;
    }

    private void AddPrograms()
    {
        IniSection? daemon = _sections.Find(static one => one.Name == "supervisord");
        List<(int Priority, List<ImportedService> Services)> byPriority = [];
        Dictionary<string, List<ImportedService>> byProgram = new(StringComparer.Ordinal);
        foreach (IniSection section in _sections)
        {
            switch (section.Kind)
            {
                case "program" or "fcgi-program":
                    var reader = new ProgramReader(section, daemon, _values);
                    List<ImportedService> services = reader.Read();
                    byPriority.Add((reader.Priority, services));
                    byProgram[section.Title] = services;
                    _set.Services.AddRange(services);
                    break;
                case "group" or "include":
                    break;
                case "supervisord":
                    ProgramReader.TellOfDaemon(section, _set);
                    break;
                default:
                    _set.Not(section.Place, $"[{section.Name}]", ReasonFor(section.Kind));
                    break;
            }
        }

        foreach (IniSection group in _sections.FindAll(static one => one.Kind == "group"))
        {
            TellOfGroup(group, byProgram);
        }

        if (_set.Services.Count == 0)
        {
            throw new ImportException(_set.Path, "there is no [program:NAME] in it");
        }

        Order(byPriority);
    }

    private static string ReasonFor(string kind) => kind switch
    {
        "eventlistener" => "there are no event listeners: dpctl events",
        "unix_http_server" or "inet_http_server" or "supervisorctl" or "rpcinterface" or "ctlplugin" =>
            "the daemon has control sockets of its own",
        _ => "there is no such section",
    };

    private void TellOfGroup(IniSection group, Dictionary<string, List<ImportedService>> byProgram)
    {
        string[] programs = group.Entries.TryGetValue("programs", out IniEntry? entry)
            ? entry.Value.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
            : [];
        string names = string.Join(' ', programs.SelectMany(
            program => byProgram.GetValueOrDefault(program, []).Select(static one => one.Wanted)));
        _set.Not(group.Place, $"[{group.Name}]", names.Length > 0
            ? $"there are no groups: dpctl stop {names}"
            : "none of its programs is here");
    }

    // Those with a lower number start first, and stop last.
    private static void Order(List<(int Priority, List<ImportedService> Services)> programs)
    {
        int[] steps = [.. programs.Select(static one => one.Priority).Distinct().Order()];
        for (int step = 1; step < steps.Length; step++)
        {
            List<ImportedService> before =
                [.. programs.Where(one => one.Priority == steps[step - 1]).SelectMany(static one => one.Services)];
            foreach (ImportedService service in programs
                .Where(one => one.Priority == steps[step]).SelectMany(static one => one.Services))
            {
                service.After.AddRange(before.Select(one => new Dependency(
                    one.Original,
                    service.Place,
                    string.Create(CultureInfo.InvariantCulture, $"priority={steps[step]}"))));
            }
        }
    }
}

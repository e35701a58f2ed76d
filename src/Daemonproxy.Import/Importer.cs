using System;
using Daemonproxy.Import.Compose;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Procfiles;
using Daemonproxy.Import.RunDirectories;
using Daemonproxy.Import.Supervisor;
using Daemonproxy.Import.Units;

namespace Daemonproxy.Import;

/// <summary>Reads the definitions of another system, and writes a file of the manager.</summary>
public static class Importer
{
    /// <summary>Imports a file or a directory.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="ImportException">It cannot be read at all.</exception>
    public static ImportResult Import(ImportKind kind, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ImportedSet set = kind switch
        {
            ImportKind.Systemd => UnitImporter.Import(path),
            ImportKind.Supervisord => SupervisorImporter.Import(path),
            ImportKind.Procfile => ProcfileImporter.Import(path),
            ImportKind.Compose => ComposeImporter.Import(path),
            _ => RunImporter.Import(kind, path),
        };
        return SetFinisher.Finish(set);
    }
}

using System;
using System.Collections.Generic;
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
    /// <param name="kind">The system.</param>
    /// <param name="path">Its path.</param>
    /// <param name="changes">
    /// Of <see cref="ImportKind.Compose"/> only: files that change the first one, each more than those before.
    /// </param>
    /// <exception cref="ImportException">It cannot be read at all.</exception>
    public static ImportResult Import(ImportKind kind, string path, params IReadOnlyList<string> changes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(changes);
        ImportedSet set = kind switch
        {
            ImportKind.Systemd => UnitImporter.Import(path),
            ImportKind.Supervisord => SupervisorImporter.Import(path),
            ImportKind.Procfile => ProcfileImporter.Import(path),
            ImportKind.Compose => ComposeImporter.Import([path, .. changes]),
            _ => RunImporter.Import(kind, path),
        };
        return SetFinisher.Finish(set);
    }
}

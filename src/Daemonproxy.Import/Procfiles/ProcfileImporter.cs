using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Import.Procfiles;

/// <summary>
/// Imports a Procfile, <c>NAME: COMMAND</c>, as foreman runs it: a shell in the directory of the file, the variables of
/// <c>.env</c> beside it, and a PORT for each line, 100 from the next.
/// </summary>
internal static class ProcfileImporter
{
    private const int UsualPort = 5000;
    private const int PortStep = 100;
    private const long StopTimeout = 5;

    public static ImportedSet Import(string path)
    {
        string file = FileKinds.Of(path) == FileKind.Directory ? Path.Combine(path, "Procfile") : path;
        SourceFile source = SourceFile.Read(file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var set = new ImportedSet(path, file);
        List<(int Line, string Name, string Command)> found = [.. Lines(source, set)];
        if (found.Count == 0)
        {
            throw new ImportException(file, "there is no line NAME: COMMAND in it");
        }

        string variables = Path.Combine(folder, ".env");
        bool hasVariables = FileKinds.Of(variables) != FileKind.Missing;
        for (int index = 0; index < found.Count; index++)
        {
            (int line, string name, string command) = found[index];
            var service = new ImportedService(name, name, source.At(line))
            {
                Command = ["/bin/sh", "-c", command],
                Directory = folder,
                Umask = "022",
                StopTimeout = StopTimeout,
            };
            int first = UsualPort;
            if (hasVariables && EnvironmentFiles.Add(
                service, variables, mayBeMissing: false, new SourcePlace(variables, 0), ".env") is { } read
                && int.TryParse(read.GetValueOrDefault("PORT"), CultureInfo.InvariantCulture, out int given))
            {
                first = given;
            }

            service.Environment["PORT"] = (first + (index * PortStep)).ToString(CultureInfo.InvariantCulture);
            service.Environment["PS"] = $"{name}.1";
            set.Services.Add(service);
        }

        set.Remarks.Add(string.Create(
            CultureInfo.InvariantCulture, $"PORT is as foreman gives it: {PortStep} from line to line."));
        return set;
    }

    private static IEnumerable<(int Line, string Name, string Command)> Lines(SourceFile source, ImportedSet set)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        string[] lines = source.Lines;
        for (int index = 0; index < lines.Length; index++)
        {
            string line = lines[index].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string name = colon > 0 ? line[..colon] : "";
            string command = line[(colon + 1)..].Trim();
            if (name.Length == 0 || command.Length == 0
                || !name.All(static one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-'))
            {
                set.Not(source.At(index + 1), line, "it is not NAME: COMMAND");
            }
            else if (!names.Add(name))
            {
                set.Not(source.At(index + 1), line, $"there is a {name} already");
            }
            else
            {
                yield return (index + 1, name, command);
            }
        }
    }
}

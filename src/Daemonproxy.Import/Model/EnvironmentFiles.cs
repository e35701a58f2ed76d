using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Import.Reading;
using Daemonproxy.Import.Writing;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Import.Model;

/// <summary>
/// Gives a service a file of variables. It stays a file if the manager can read it, which then reads it at each load.
/// </summary>
internal static class EnvironmentFiles
{
    /// <summary>Adds a file, and returns its current content; null if there is none.</summary>
    /// <param name="service">The service.</param>
    /// <param name="path">An absolute path.</param>
    /// <param name="mayBeMissing">True if the service starts without it.</param>
    /// <param name="place">The place of the reference.</param>
    /// <param name="text">The text of the reference.</param>
    public static OrderedDictionary<string, string>? Add(
        ImportedService service, string path, bool mayBeMissing, SourcePlace place, string text)
    {
        SourceFile file;
        try
        {
            file = SourceFile.Read(path);
        }
        catch (ImportException) when (FileKinds.Of(path) == FileKind.Missing)
        {
            service.EnvironmentFiles.Add($"-{path}");
            if (!mayBeMissing)
            {
                service.Not(place, text, "it is not on this machine, so it may be missing");
            }

            return null;
        }
        catch (ImportException problem)
        {
            service.Not(place, text, problem.Message);
            return null;
        }

        OrderedDictionary<string, string> variables = EnvironmentText.Variables(file.Text);
        if (CanBeRead(path))
        {
            service.EnvironmentFiles.Add(mayBeMissing ? $"-{path}" : path);
        }
        else
        {
            service.Not(place, text, "the manager cannot read it; env has what is in it now");
            foreach ((string name, string value) in variables)
            {
                service.Environment[name] = value;
            }
        }

        return variables;
    }

    private static bool CanBeRead(string path) => ServicesFile.Parse(
        "/services.toml", $"[service.x]\ncommand = [\"x\"]\nenv-file = {TomlValue.Quote(path)}\n")
        .Problems.All(static problem => problem.Severity != Severity.Error);
}

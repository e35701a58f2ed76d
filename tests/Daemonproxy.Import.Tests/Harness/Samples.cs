using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Daemonproxy.Manager.Files;
using Xunit;

namespace Daemonproxy.Import.Tests.Harness;

/// <summary>The files of Imports, which use what real ones use.</summary>
internal static class Samples
{
    /// <summary>Where they are.</summary>
    public static string Folder { get; } = Path.Combine(Root(), "Imports");

    /// <summary>Imports one, and has the manager check what comes out.</summary>
    public static ImportResult Import(string kind, string path)
    {
        ImportResult result = Importer.Import(ImportKinds.Find(kind)!.Value, path);
        Problem[] problems = [.. ServicesFile.Parse("/services.toml", result.Text).Problems
            .Where(static one => one.Severity == Severity.Error)];
        Assert.True(problems.Length == 0, $"{string.Join('\n', problems.Select(one => $"{one}"))}\n{result.Text}");
        int tables = result.Text.Split('\n').Count(line => line.StartsWith("[service.", StringComparison.Ordinal));
        int notes = result.Text.Split('\n').Count(line => line.StartsWith("# NOT ", StringComparison.Ordinal));
        Assert.Equal((tables, notes), (result.Services, result.Notes));
        return result;
    }

    /// <summary>The output, without the paths of the files.</summary>
    public static string Shown(ImportResult result) =>
        result.Text.Replace(Folder, "/imports", StringComparison.Ordinal);

    /// <summary>The samples of a kind, as paths below its folder.</summary>
    public static IEnumerable<string> Of(string kind) => kind switch
    {
        "systemd" =>
        [
            .. Names(kind).Where(name => name.EndsWith(".service", StringComparison.Ordinal)
                && !name.Contains("@.", StringComparison.Ordinal)),
            "backup.timer", "echo.socket", "worker@fast-lane.service", "machine",
        ],
        "supervisord" => ["programs.conf", "web.conf"],
        "compose" => ["layered", "shop", "small.yml"],
        _ => Names(kind),
    };

    private static IEnumerable<string> Names(string kind) =>
        Directory.EnumerateFileSystemEntries(Path.Combine(Folder, kind)).Select(path => Path.GetFileName(path));

    private static string Root([CallerFilePath] string file = "") =>
        Path.GetDirectoryName(Path.GetDirectoryName(file))!;
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Files;

namespace Daemonproxy.Control.Checking;

/// <summary>Checks a file of the manager, or a directory of such files, with the manager's reader.</summary>
internal static class ServicesCheck
{
    /// <summary>Returns true if a path is such a file.</summary>
    public static bool IsFor(string path) =>
        path.EndsWith(".toml", StringComparison.Ordinal) || Directory.Exists(path);

    /// <summary>Returns the mistakes in order.</summary>
    /// <exception cref="Text.Problem">A file cannot be read, or a directory has none.</exception>
    public static List<Mistake> Check(string path)
    {
        Dictionary<string, string[]> lines = [];
        List<Mistake> mistakes = [];
        foreach (Manager.Files.Problem problem in ServicesFile.Read(path, checksMachine: true).Problems)
        {
            if (problem.Line == 0)
            {
                throw Text.Problem.Usage($"{VisibleText.Of(problem.File)}: {problem.Message}");
            }

            if (!lines.TryGetValue(problem.File, out string[]? texts))
            {
                texts = File.ReadAllLines(problem.File);
                lines[problem.File] = texts;
            }

            string source = texts.ElementAtOrDefault(problem.Line - 1) ?? "";
            mistakes.Add(new Mistake(
                problem.File, problem.Line, problem.Column, Math.Max(1, problem.Length), problem.Message)
            {
                IsWarning = problem.Severity == Severity.Warning,
                Source = problem.Length > 0 ? VisibleText.Of(source.Replace('\t', ' ')) : "",
            });
        }

        // A directory that cannot be read was a problem.
        return Directory.Exists(path) && !Directory.EnumerateFiles(path, "*.toml").Any()
            ? throw Text.Problem.Usage($"{VisibleText.Of(path)}: no file of this directory is called *.toml")
            : mistakes;
    }
}

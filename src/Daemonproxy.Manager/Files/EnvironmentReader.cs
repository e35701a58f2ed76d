using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Files;

/// <summary>
/// Reads the environment of a service: <c>clear-env</c>, <c>env-file</c>, then <c>env</c>, so that the last one
/// counts. The lines of a file are <c>KEY=VALUE</c>, with quotes around the value or without; <c>#</c> and <c>;
///</c> begin comments.
/// </summary>
internal sealed class EnvironmentReader(TableReader table, string directory)
{
    private static readonly UTF8Encoding _strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Fields of <c>service.env</c>.</summary>
    public List<string> Read()
    {
        List<string> fields = table.Flag("clear-env") ? ["-"] : [];
        foreach (string path in table.Texts("env-file"))
        {
            ReadFile(path, fields);
        }

        foreach (string pair in table.Pairs("env"))
        {
            Add(pair, "env", pair, fields);
        }

        return fields;
    }

    // As for systemd, a minus says that the file may be missing.
    private void ReadFile(string path, List<string> fields)
    {
        bool mayBeMissing = path.StartsWith('-');
        path = Path.GetFullPath(mayBeMissing ? path[1..] : path, directory);
        string[] lines;
        try
        {
            lines = _strict.GetString(File.ReadAllBytes(path)).Split('\n');
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            if (!mayBeMissing)
            {
                table.Refuse("env-file", $"{path}: No such file or directory");
            }

            return;
        }
        catch (Exception problem) when (
            problem is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            table.Refuse("env-file", $"{path}: {problem.Message.TrimEnd('.')}");
            return;
        }

        for (int number = 0; number < lines.Length; number++)
        {
            string line = lines[number].Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            line = line.StartsWith("export ", StringComparison.Ordinal) ? line[7..].TrimStart() : line;
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string place = $"{path}:{number + 1}";
            if (equals <= 0)
            {
                table.Refuse("env-file", $"{place}: a line must be KEY=VALUE");
                continue;
            }

            Add($"{line[..equals].TrimEnd()}={Unquote(line[(equals + 1)..].Trim())}", "env-file", place, fields);
        }
    }

    private void Add(string pair, string key, string what, List<string> fields)
    {
        int equals = pair.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || pair.AsSpan().ContainsAny('\t', '\n', '\0'))
        {
            table.Refuse(key, $"{what}: a variable has a name, and neither a TAB nor a line end");
            return;
        }

        fields.Add(pair);
    }

    private static string Unquote(string value)
    {
        if (value.Length < 2 || value[0] is not ('"' or '\'') || value[^1] != value[0])
        {
            return value;
        }

        return value[0] == '\''
            ? value[1..^1]
            : value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace(
                "\\\\", "\\", StringComparison.Ordinal);
    }
}

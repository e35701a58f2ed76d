using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Files;

/// <summary>
/// Reads the environment of a service: <c>clear-env</c>, <c>env-file</c>, then <c>env</c>, so that the last one takes
/// precedence. <see cref="EnvironmentText"/> reads a file; a line that is not a variable is an error.
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

    // As for systemd, with a minus the file may be missing.
    private void ReadFile(string path, List<string> fields)
    {
        bool mayBeMissing = path.StartsWith('-');
        path = Path.GetFullPath(mayBeMissing ? path[1..] : path, directory);
        string text;
        try
        {
            text = _strict.GetString(BoundedFile.Read(path));
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

        foreach (EnvironmentEntry entry in EnvironmentText.Parse(text))
        {
            string place = $"{path}:{entry.Line}";
            if (entry.IsVariable)
            {
                Add($"{entry.Name}={entry.Value}", "env-file", place, fields);
            }
            else
            {
                table.Refuse("env-file", $"{place}: a line must be KEY=VALUE");
            }
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
}

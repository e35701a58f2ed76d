using System;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.RunDirectories;

/// <summary>Finds the file that a logger writes, from the arguments of svlogd, multilog and s6-log.</summary>
internal static class LoggerFile
{
    private static readonly string[] _loggers = ["svlogd", "multilog", "s6-log"];

    /// <summary>The file for <c>dpctl tail</c>; empty if unknown.</summary>
    public static string Of(string folder)
    {
        string text;
        try
        {
            text = SourceFile.Read(Path.Combine(folder, "run")).Text;
        }
        catch (ImportException)
        {
            return "";
        }

        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            bool isLogger = words.Any(static word => _loggers.Contains(Path.GetFileName(word)));
            string last = words.LastOrDefault("");
            if (isLogger && line.TrimStart()[0] != '#' && last.IndexOfAny(['$', '"', '\'', '`']) < 0
                && (last.StartsWith('.') || last.StartsWith('/') || FileKinds.Of(Path.Combine(folder, last))
                    == FileKind.Directory))
            {
                return Path.GetFullPath(Path.Combine(last, "current"), folder);
            }
        }

        return "";
    }
}

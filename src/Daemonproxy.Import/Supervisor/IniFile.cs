using System;
using System.Collections.Generic;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Supervisor;

/// <summary>
/// Reads the configuration of supervisord: sections, <c>key = value</c> or <c>key: value</c>, values that go on in
/// lines that begin with a blank, comments that begin a line with <c>;</c> or <c>#</c> or follow a blank and <c>;</c>.
/// </summary>
internal static class IniFile
{
    public static List<IniSection> Read(SourceFile file)
    {
        List<IniSection> sections = [];
        IniSection? section = null;
        IniEntry? last = null;
        string[] lines = file.Lines;
        for (int index = 0; index < lines.Length; index++)
        {
            string line = lines[index];
            if (line.Trim().Length == 0 || line[0] is ';' or '#' || line.TrimStart() is [';', ..])
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]) && last is not null)
            {
                last = last with { Value = $"{last.Value}\n{WithoutComment(line.Trim())}" };
                section!.Entries[last.Key] = last;
                continue;
            }

            string text = line.Trim();
            if (text[0] == '[')
            {
                int end = text.IndexOf(']', StringComparison.Ordinal);
                section = end > 1
                    ? new IniSection(text[1..end], file.At(index + 1))
                    : throw new ImportException(file.Path, index + 1, 1, "a section is [name]");
                sections.Add(section);
                last = null;
                continue;
            }

            last = Entry(text, file, index, line.IndexOf(text[0], StringComparison.Ordinal) + 1);
            if (section is null)
            {
                throw new ImportException(file.Path, index + 1, 1, "it is in no [section]");
            }

            section.Entries[last.Key] = last;
        }

        return sections;
    }

    private static IniEntry Entry(string text, SourceFile file, int index, int column)
    {
        int at = text.IndexOfAny(['=', ':']);
        return at <= 0
            ? throw new ImportException(file.Path, index + 1, column, "a line must be key=value")
            : new IniEntry(
                text[..at].Trim().ToLowerInvariant(),
                WithoutComment(text[(at + 1)..].Trim()),
                new SourcePlace(file.Path, index + 1),
                column);
    }

    private static string WithoutComment(string value)
    {
        for (int at = value.IndexOf(';', StringComparison.Ordinal); at >= 0; at = value.IndexOf(';', at + 1))
        {
            if (at == 0 || char.IsWhiteSpace(value[at - 1]))
            {
                return value[..at].TrimEnd();
            }
        }

        return value;
    }
}

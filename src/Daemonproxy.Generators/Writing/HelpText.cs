using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>The text of --help: two columns, at most 79 characters wide.</summary>
internal static class HelpText
{
    private const int Width = 79;
    private const int WidestLeft = 32;

    public static List<string> Lines(EquatableArray<OptionModel> options, Documentation docs)
    {
        int left = 0;
        foreach (OptionModel option in options)
        {
            left = Math.Max(left, Math.Min(Left(option).Length, WidestLeft));
        }

        var lines = new List<string> { "options:" };
        foreach (OptionModel option in options)
        {
            string line = Left(option);
            if (line.Length > left)
            {
                lines.Add(line);
                line = "";
            }

            foreach (string text in Wrap(Right(option, docs), Width - left - 2))
            {
                lines.Add((line.PadRight(left + 2) + text).TrimEnd());
                line = "";
            }
        }

        return lines;
    }

    private static string Left(OptionModel option)
    {
        string @short = option.Short is { } letter ? "  -" + letter + ", " : "      ";
        return @short + "--" + option.Name + (option.Field == null ? "" : " " + option.Shown);
    }

    private static string Right(OptionModel option, Documentation docs)
    {
        string text = Documented(option, docs);
        return option.Lifecycle.Deprecated is { } instead ? text + " Deprecated: " + instead + "." : text;
    }

    /// <summary>The effect of the option, and its default.</summary>
    public static string Documented(OptionModel option, Documentation docs) =>
        docs["option " + option.Name] + (option.Field?.Default is { } number
            ? " Default: " + CSharp.Number(number) + "."
            : "");

    private static List<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        string line = "";
        foreach (string word in text.Replace('\n', ' ').Replace('`', '\'').Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line += (line.Length > 0 ? " " : "") + word;
        }

        lines.Add(line);
        return lines;
    }
}

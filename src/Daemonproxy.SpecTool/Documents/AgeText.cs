using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>The age of a declaration in the line of a page.</summary>
internal static class AgeText
{
    /// <summary>Appends the version and the deprecation to a sentence of a page.</summary>
    public static string Inline(string before, AgeModel age)
    {
        var sentences = new List<string>();
        if (age.Since != null)
        {
            sentences.Add(AgeProse.Since(age).TrimEnd('.'));
        }

        if (age.Deprecated is { } instead)
        {
            sentences.Add("**Deprecated**: " + Markdown.FromSpec(instead));
        }

        if (sentences.Count == 0)
        {
            return before;
        }

        sentences.Insert(0, before.TrimEnd('.'));
        return string.Join(". ", sentences.FindAll(sentence => sentence.Length > 0));
    }
}

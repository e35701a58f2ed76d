using System.Collections.Generic;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>The lifecycle of a declaration in the line of a page.</summary>
internal static class LifecycleText
{
    /// <summary>Appends the version and the deprecation to a sentence of a page.</summary>
    public static string Inline(string before, LifecycleModel lifecycle)
    {
        var sentences = new List<string>();
        if (lifecycle.Since != null)
        {
            sentences.Add(LifecycleProse.Since(lifecycle).TrimEnd('.'));
        }

        if (lifecycle.Deprecated is { } instead)
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

using System;
using System.Collections.Generic;

namespace Daemonproxy.Generators.Model;

/// <summary>The comment of one declaration (<c>command exit</c>) or member (<c>command echo/text</c>).</summary>
internal sealed record DocumentationEntry(string Key, string Text);

/// <summary>
/// The documentation comments of a spec. They are kept apart from the models of the declarations, so that a changed
/// comment regenerates what prints it and nothing else.
/// </summary>
internal sealed record Documentation(EquatableArray<DocumentationEntry> Entries)
{
    /// <summary>The comment of a declaration or member; empty when it has none.</summary>
    public string this[string key]
    {
        get
        {
            foreach (DocumentationEntry entry in Entries)
            {
                if (entry.Key == key)
                {
                    return entry.Text;
                }
            }

            return "";
        }
    }

    /// <summary>The comments of one declaration and its members.</summary>
    public Documentation Of(string declaration) => Only(key =>
        key.StartsWith(declaration, StringComparison.Ordinal)
        && (key.Length == declaration.Length || key[declaration.Length] == '/'));

    /// <summary>The comments of all declarations with one keyword, and of their members.</summary>
    public Documentation OfAll(string keyword) => Only(key => key.StartsWith(keyword + " ", StringComparison.Ordinal));

    private Documentation Only(Func<string, bool> wanted)
    {
        var entries = new List<DocumentationEntry>();
        foreach (DocumentationEntry entry in Entries)
        {
            if (wanted(entry.Key))
            {
                entries.Add(entry);
            }
        }

        return new Documentation(new EquatableArray<DocumentationEntry>(entries));
    }
}

/// <summary>The model of a declaration together with the comments that its product prints.</summary>
internal sealed record Documented<T>(T Model, Documentation Docs);

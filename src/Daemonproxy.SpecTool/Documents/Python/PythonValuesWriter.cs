using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents.Python;

/// <summary>The module of the limits, the words, the sets and the names.</summary>
internal static class PythonValuesWriter
{
    public static string Write(SpecModel spec)
    {
        var source = new PythonSource("The limits of the protocol, and what its values can be.");
        source.Import("dataclasses", "dataclass");
        source.Import("typing", "ClassVar", "Literal", "Tuple", "get_args");
        source.Import("..wire", "Bytes", "Flag", "Flags", "Name", "Number", "Octal", "SetOf", "Words");
        foreach (LimitModel limit in spec.Limits)
        {
            source.Line();
            source.Line("LIMIT_" + PythonNames.Constant(limit.Name) + " = " + PythonTypes.Text(limit.Value));
            source.Docs(spec.Docs["limit " + limit.Name]);
        }

        foreach (NameTypeModel name in spec.Names)
        {
            source.Line();
            source.Line(PythonNames.Constant(name.Name) + " = Name(" + PythonSource.Quoted(name.Name) + ", "
                + PythonTypes.Text(name.Longest) + ")");
            source.Docs(spec.Docs["type " + name.Name]);
        }

        foreach (EnumModel @enum in spec.Enums)
        {
            WriteEnum(source, @enum, spec.Docs);
        }

        foreach (SetModel set in spec.Sets)
        {
            WriteSet(source, set, spec.Docs);
        }

        return source.ToString();
    }

    /// <summary>The names that other modules can import.</summary>
    public static string[] NamesOf(SpecModel spec) =>
    [
        .. spec.Limits.Select(limit => "LIMIT_" + PythonNames.Constant(limit.Name)),
        .. spec.Names.Select(name => PythonNames.Constant(name.Name)),
        .. spec.Enums.SelectMany(one => (string[])[PythonNames.Enum(one.Name), PythonNames.Constant(one.Name)]),
        .. spec.Sets.SelectMany(one => (string[])[PythonNames.Set(one.Name), PythonNames.Constant(one.Name)]),
    ];

    private static void WriteEnum(PythonSource source, EnumModel @enum, Documentation docs)
    {
        string name = PythonNames.Enum(@enum.Name);
        source.OpenTop(name + " = Literal[");
        foreach (string word in @enum.Words)
        {
            source.Comment(LifecycleProse.Behind(docs["enum " + @enum.Name + "/" + word], @enum.LifecycleOf(word)));
            source.Line(PythonSource.Quoted(word) + ",");
        }

        source.Close("]");
        source.Docs(docs["enum " + @enum.Name]);
        source.Line();
        List<string> old =
        [
            .. @enum.Words.Where(word => @enum.LifecycleOf(word).Deprecated is not null).Select(
                word => PythonSource.Quoted(word) + ": " + PythonSource.Quoted(@enum.LifecycleOf(word).Deprecated!)),
        ];
        source.Line(PythonNames.Constant(@enum.Name) + " = Words(*get_args(" + name + ")"
            + (old.Count > 0 ? ", deprecated={" + string.Join(", ", old) + "}" : "") + ")");
    }

    private static void WriteSet(PythonSource source, SetModel set, Documentation docs)
    {
        string key = "set " + set.Name;
        source.Line();
        source.Line();
        source.Line("@dataclass(frozen=True)");
        source.Open("class " + PythonNames.Set(set.Name) + "(Flags):");
        string about = docs[key];
        source.Docs(about.Length > 0 ? about : "Words of `" + set.Name + "`.");
        source.Line();
        foreach (SetWordModel word in set.Words)
        {
            if (word.IsAbbreviation)
            {
                continue;
            }

            string type = word.Value is not { } value ? "bool = False"
                : value.Kind == SetValueKind.Text ? "str | None = None"
                : "int | None = None";
            source.Line(PythonNames.Local(word.Name) + ": " + type);
            source.Docs(About(docs[key + "/" + word.Name], word));
        }

        source.Line();
        source.Open("WORDS: ClassVar[Tuple[Flag, ...]] = (");
        foreach (SetWordModel word in set.Words)
        {
            source.Listed("Flag(", Parts(word), "),");
        }

        source.Close(")");
        source.Close();
        source.Line();
        source.Line();
        source.Line(PythonNames.Constant(set.Name) + " = SetOf(" + PythonNames.Set(set.Name) + ")");
    }

    private static string About(string docs, SetWordModel word)
    {
        List<string> lines = docs.Length > 0 ? [docs] : [];
        if (word.Value is { } value)
        {
            string bounds = Bound(value, value.Least) + " to " + Bound(value, value.Most);
            lines.Add(bounds + (value.Kind == SetValueKind.Text ? " bytes without a comma." : "."));
        }

        lines.AddRange(LifecycleProse.Lines(word.Lifecycle));
        return string.Join("\n", lines);
    }

    private static string Bound(SetValueModel value, long number) => value.Kind == SetValueKind.Octal && number > 0
        ? "0o" + System.Convert.ToString(number, 8)
        : PythonTypes.Text(number);

    private static List<string> Parts(SetWordModel word)
    {
        List<string> parts = [PythonSource.Quoted(word.Name)];
        if (!word.IsAbbreviation)
        {
            parts.Add(PythonSource.Quoted(PythonNames.Local(word.Name)));
        }

        if (word.Value is { } value)
        {
            string kind = value.Kind switch
            {
                SetValueKind.Integer => "Number",
                SetValueKind.Octal => "Octal",
                _ => "Bytes",
            };
            parts.Add(kind + "(" + Bound(value, value.Least) + ", " + Bound(value, value.Most) + ")");
            if (value.Default is { } number)
            {
                parts.Add("default=" + Bound(value, number));
            }
        }

        AddWords("implies", word.Implies);
        AddWords("clears", word.Clears);
        if (word.Lifecycle.Deprecated is { } instead)
        {
            parts.Add("deprecated=" + PythonSource.Quoted(instead));
        }

        return parts;

        void AddWords(string what, EquatableArray<string> words)
        {
            if (words.Count > 0)
            {
                parts.Add(what + "=" + PythonSource.Tuple([.. words.Select(PythonSource.Quoted)]));
            }
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Every awkward name in every place where a spec has names: what the checker accepts compiles.</summary>
public sealed class NameMatrix
{
    private static readonly Dictionary<string, Action<DraftSpec, string[]>> _places = new()
    {
        ["enum"] = Declared(name => $"enum {name}", "x"),
        ["word of an enum"] = Members("enum volume", name => name),
        ["set"] = Declared(name => $"set {name}", "x", "y = integer[0:9] default 1 else bad"),
        ["word of a set"] = Sets(name => name),
        ["word with a value"] = Sets(name => $"{name} = integer[0:9] default 1 else bad"),
        ["type"] = Declared(
            name => $"type {name}: name[1:8]", "missing \"a\"", "invalid \"b\"", "unknown \"c\"", "full \"d\"",
            "constant \"e\""),
        ["error"] = Declared(name => $"error {name} \"{name} {{word:text}}\""),
        ["placeholder of an error"] = Numbered("error e", name => $"\"{{{name}:text}}\""),
        ["warning"] = Declared(name => $"warning {name} \"{name}\""),
        ["placeholder of a warning"] = Numbered("warning w", name => $"\"{{{name}:text}}\""),
        ["info"] = Declared(name => $"info {name} \"{{{name}:integer}}\""),
        ["log"] = Declared(name => $"log {name} low \"{name}\""),
        ["placeholder of a log"] = Numbered("log l", name => $"low \"{{{name}:log-level}} {{x:text}}\""),
        ["event"] = Declared(name => $"event {name}", "a: text"),
        ["field of an event"] = Fields("event e", name => $"{name}: thing"),
        ["case of an event"] = Members("event e", name => $"{name} \"{name}\"", "cases a"),
        ["heading of an event"] = Each(name => ("event e", [$"cases {name}", "one thing", "two set[style]"])),
        ["command"] = Declared(name => $"command {name}", "a: thing", "a-b?: \"-\" | text  else bad"),
        ["field of a command"] = Fields("command c", name => $"{name}: thing"),
        ["optional field"] = Each(
            name => ("command c", [$"{name}?: \"-\" | thing[create]  else bad", "x?: \"x\" | signal  else bad"])),
        ["list"] = Each(name => ("command c", [$"{name}...: \"-\" | integer[0:9]  else bad"])),
        ["word of a list"] = Each(name => ("command c", [$"a...: \"{name}\" | \"-\" | thing"])),
        ["text before a type"] = Each(
            name => ("command c", [$"a...: \"{name}\" | \"{name}:\" thing[create] | \"{name}=\" text | signal"])),
        ["rest"] = Each(name => ("command c", [$"{name}: rest"])),
        ["quoted word"] = Each(
            name => ("command c", [$"a: \"{name}\" | \"-\" | text", $"b?: \"{name}\" | \"1\"  else bad"])),
        ["option"] = Declared(name => $"option {name}", "file: text"),
        ["field of an option"] = Numbered("option o", name => "", name => $"{name}: integer[0:9]  else bad"),
        ["limit"] = Declared(name => $"limit {name} 7"),
    };

    public static TheoryData<string> Places() => [.. _places.Keys];

    [Theory]
    [MemberData(nameof(Places))]
    public void EveryNameCompilesIn(string place)
    {
        // Each type has errors, and there may be 255 of these.
        foreach (string[] names in AwkwardNames.All.Chunk(place == "type" ? 45 : AwkwardNames.All.Length))
        {
            var draft = new DraftSpec();
            _places[place](draft, names);
            string spec = draft.Valid();
            Compiled.Succeeds(Driver.RunOnce(spec, Project.Daemon));
            Compiled.ClientSucceeds(Driver.RunOnce(spec, Project.Client));
        }
    }

    private static Action<DraftSpec, string[]> Declared(
        Func<string, string> declaration, params string[] members) => (draft, all) =>
    {
        foreach (string name in all)
        {
            draft.Add(declaration(name), members);
        }
    };

    // Declarations whose own names are of no interest.
    private static Action<DraftSpec, string[]> Numbered(
        string declaration, Func<string, string> text, params Func<string, string>[] members) => (draft, all) =>
    {
        int number = 0;
        foreach (string name in all)
        {
            draft.Add($"{declaration}{number++} {text(name)}".TrimEnd(), members.Select(member => member(name)));
        }
    };

    private static Action<DraftSpec, string[]> Each(
        Func<string, (string Declaration, string[] Members)> make) => (draft, all) =>
    {
        int number = 0;
        foreach (string name in all)
        {
            (string declaration, string[] members) = make(name);
            draft.Add($"{declaration}{number++}", members);
        }
    };

    private static Action<DraftSpec, string[]> Members(
        string declaration, Func<string, string> member, params string[] before) => (draft, all) =>
        draft.Add(declaration, [.. before, .. all.Select(member)]);

    private static Action<DraftSpec, string[]> Fields(string declaration, Func<string, string> field) => (draft, all) =>
    {
        int number = 0;
        foreach (string[] names in all.Chunk(30))
        {
            draft.Add($"{declaration}{number++}", names.Select(field));
        }
    };

    private static Action<DraftSpec, string[]> Sets(Func<string, string> word) => (draft, all) =>
    {
        int number = 0;
        foreach (string[] names in all.Chunk(30))
        {
            draft.Add($"set s{number}", names.Select(word));
            draft.Add($"command c{number}", $"a: set[s{number}]");
            draft.Add($"event e{number}", $"a: set[s{number++}]");
        }
    };
}

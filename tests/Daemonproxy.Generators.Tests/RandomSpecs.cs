using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Random specs, whose names meet those of C#, of the runtime and of each other in all places: what the checker accepts
/// compiles, for the daemon and for the client. More of them with <c>DAEMONPROXY_LONG=1</c>.
/// </summary>
public sealed class RandomSpecs
{
    private const int Groups = 4;

    private static readonly int _seeds =
        Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1" ? 4000 : 200;

    private static readonly string[] _types =
    [
        "thing", "thing[create]", "thing[assign]", "thing[change]", "thing[name]", "integer", "integer[0:9]  else bad",
        "seconds[0:9]  else bad", "instant  else bad", "signal", "signal[counted]", "text", "set[style]",
    ];

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, Groups)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnAcceptedSpecCompiles(int group)
    {
        for (int seed = group; seed < _seeds; seed += Groups)
        {
            string spec = Make(new Random(seed)).Valid();
            Driver driver = Driver.RunOnce(spec, seed % 2 == 0 ? Project.Daemon : Project.Client);
            try
            {
                if (seed % 2 == 0)
                {
                    Compiled.Succeeds(driver);
                }
                else
                {
                    Compiled.ClientSucceeds(driver);
                }
            }
            catch (Xunit.Sdk.XunitException wrong)
            {
                Assert.Fail($"seed {seed}: {wrong.Message}\n{spec}");
            }
        }
    }

    private static DraftSpec Make(Random random)
    {
        var draft = new DraftSpec();
        string @enum = Name(random), set = Name(random), type = Name(random);
        draft.Add($"enum {@enum}", Names(random, 4));
        draft.Add($"set {set}", Names(random, 5).Select(
            name => random.Next(2) == 0 ? name : $"{name} = integer[0:9] default 1 else bad"));
        draft.Add(
            $"type {type}: name[1:8]", "missing \"a\"", "invalid \"b\"", "unknown \"c\"", "full \"d\"",
            "constant \"e\"");
        string[] types =
        [
            .. _types, $"{@enum}  else bad", $"set[{set}]", $"\"{Name(random)}\" | {type}", $"{type}[assign]",
            $"\"{Name(random)}\" | \"{Name(random)}\"  else bad", $"\"-\" | {@enum}  else bad",
        ];
        string[] elements =
        [
            .. _types.Select(one => one.Split(' ')[0]), @enum, $"set[{set}]", type, $"{type}[create]", $"{type}[name]",
        ];
        for (int count = 0; count < 3; count++)
        {
            draft.Add($"error {Name(random)} \"x{count} {{{Name(random)}:text}} {{{Name(random)}:integer}}\"");
            draft.Add($"warning {Name(random)} \"{{{Name(random)}:{type}}} {{{Name(random)}:pid}}\"");
            draft.Add($"log {Name(random)} low \"{{{Name(random)}:log-level}} {{{Name(random)}:errno}}\"");
            draft.Add($"limit {Name(random)} 9");
            draft.Add($"option {Name(random)}", $"{Name(random)}: \"{Name(random)}\" | integer[0:9]  else bad");
            draft.Add($"event {Name(random)}", Names(random, 5).Select(name => $"{name}: {Cell(random, type)}"));
            draft.Add(
                $"event {Name(random)}", $"cases {string.Join(' ', Names(random, 3))}",
                $"{Name(random)} thing \"a\" text", $"{Name(random)} thing set[{set}] {@enum}");
            draft.Add($"command {Name(random)}", Fields(random, types));
            draft.Add($"command {Name(random)}", $"{Name(random)}...: {List(random, elements)}  else bad");
        }

        return draft;
    }

    private static IEnumerable<string> Fields(Random random, string[] types)
    {
        List<string> names = [.. Names(random, 6)];
        if (random.Next(4) == 0)
        {
            yield return "takes descriptor else no-descriptor";
        }

        for (int index = 0; index < names.Count; index++)
        {
            string mark = index < 3 ? "" : index < names.Count - 1 ? "?" : random.Next(2) == 0 ? "..." : "?";
            yield return $"{names[index]}{mark}: {types[random.Next(types.Length)]}";
        }
    }

    // Quoted words, types behind texts and a type alone, as many of each as it happens; at least one of something.
    private static string List(Random random, string[] elements)
    {
        string[] signs = ["", ":", "=", "-", "::"];
        List<string> all =
        [
            .. Names(random, random.Next(4)).Select(name => $"\"{name}\""),
            .. Names(random, random.Next(5)).Select(
                name => $"\"{name}{signs[random.Next(signs.Length)]}\" {elements[random.Next(elements.Length)]}"),
        ];
        if (all.Count == 0 || random.Next(2) == 0)
        {
            all.Add(elements[random.Next(elements.Length)]);
        }

        return string.Join(" | ", all);
    }

    private static string Cell(Random random, string type)
    {
        string[] cells = ["thing", type, "integer", "seconds", "instant", "pid", "signal", "set[style]", "text"];
        return cells[random.Next(cells.Length)];
    }

    private static string Name(Random random) => AwkwardNames.All[random.Next(AwkwardNames.All.Length)];

    private static IEnumerable<string> Names(Random random, int count) =>
        Enumerable.Range(0, count).Select(_ => Name(random)).Distinct();
}

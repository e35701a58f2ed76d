using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.SpecTool.Documents;
using Daemonproxy.SpecTool.Documents.Python;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The Python that is made from a spec does what the spec says. The real one has tests beside it.</summary>
public sealed class PythonModules : IDisposable
{
    private const string Package = "clients/python/src/";
    private readonly string _directory = Directory.CreateTempSubdirectory("python").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [ProgramFact("python3")]
    public void EverySmallSpecIsReadByPython()
    {
        foreach (string spec in Repository.SpecsIn("good"))
        {
            Write(spec);
            Run(spec, "import daemonproxy.protocol.errors, daemonproxy.protocol.events");
        }
    }

    [ProgramFact("mypy")]
    public void TypesOfEveryKindOfFieldAndEventAreSound()
    {
        foreach (string spec in (string[])["fields", "events"])
        {
            Write(spec);
            string printed = Shell.Run(
                "mypy", "--strict", "--no-color-output", "--cache-dir", Path.Combine(_directory, "cache"),
                Path.Combine(_directory, spec, "daemonproxy"));
            Assert.StartsWith("Success", printed, StringComparison.Ordinal);
        }
    }

    [ProgramFact("python3")]
    public void ADeprecatedNameWarns()
    {
        Write("ages");
        Assert.Equal("('`say`: use `speak`',)", Warnings("ages", "LINES.say('x', 'y')"));
        Assert.Equal("()", Warnings("ages", "LINES.speak('x')"));
        Write("defaults");
        Assert.Equal("('`style` of `say`: nobody looks',)", Warnings("defaults", "LINES.say(1, 2, 'italic')"));
        Assert.Equal(
            "('`style` of `say`: nobody looks', 'volume: `high`: use `low`')",
            Warnings("defaults", "LINES.say(1, 2, '', 'high')"));
    }

    [ProgramFact("python3")]
    public void FieldsAreCheckedAndWritten()
    {
        Write("fields");
        const string line = "required\ta\tb\tc\td\te\tf\t-7\t-5\t1\t80\t10\t9\t15\tHUP\thigh\tbold,italic\tx";
        Assert.Equal(
            line.Replace("\t", "|", StringComparison.Ordinal),
            Run("fields", """
                from daemonproxy.protocol.commands import LINES
                print(str(LINES.required(
                    'a', 'b', 'c', 'd', 'e', 'f', -7, -5, 1, 80, 10, 9, 15, 'HUP', 'high', 'both', 'x'
                )).replace('\t', '|'))
                """));
        Assert.Equal(
            "prefixed|always|thing:a|new:b|in:9|say:c d|HUP\n"
            + "items: a field cannot have a TAB in it: 'a\\tb'\nitems: 10 is not from 1 to 9",
            Run("fields", """
                from daemonproxy.protocol.commands import LINES
                print(str(LINES.prefixed('always', 'thing:a', 'new:b', 'in:9', 'say:c d', 'HUP')).replace('\t', '|'))
                for wrong in ('say:a\tb', 'in:10'):
                    try: LINES.prefixed(wrong)
                    except ValueError as problem: print(problem)
                """));
        Assert.Equal(
            "thing: the argument needs number, which precedes it",
            Run("fields", """
                from daemonproxy.protocol.commands import LINES
                try: LINES.optional('a', 'b', 'c', None, 3)
                except ValueError as problem: print(str(problem).replace('range', 'thing'))
                """));
    }

    [ProgramFact("python3")]
    public void EventsAreReadAndWritten()
    {
        Write("events");
        Assert.Equal(
            "AllEvent ThingStateNoneEvent ThingStateSetEvent ThingStatePeerEvent ThingStatePeerEvent "
            + "ThingStateShortEvent WarningEvent OverEvent",
            Run("events", """
                from daemonproxy.messages import parse_event
                from daemonproxy.protocol.events import EVENTS
                lines = ['all|t|1|2|3|4|5|SIGHUP|very.high|bold|fixed|c|a|b', 'thing.state|t|-|-|-',
                         'thing.state|t|bold,is,italic|on|a|b', 'thing.state|t|x,low|p|', 'thing.state|t|x,low|?|z',
                         'thing.state|t', 'warning|a|b', 'over']
                names = []
                for line in lines:
                    told = parse_event(line.replace('|', '\t'), EVENTS)
                    assert str(told) == line.replace('|', '\t'), told
                    names.append(type(told).__name__)
                print(*names)
                """));
    }

    private string Warnings(string spec, string call) => Run(spec, $"""
        import warnings
        from daemonproxy.protocol.commands import LINES
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter('always')
            {call}
        print(tuple(str(one.message) for one in told))
        assert all(one.filename == '<string>' for one in told)
        """);

    // The generated package of a spec, with the parts that it is made of.
    private void Write(string spec)
    {
        CompiledSpec compiled = SpecCompiler.Compile(spec, SourceText.From(Repository.SpecOf("good", spec)));
        SpecModel model = compiled.Model!;
        string root = Path.Combine(_directory, spec);
        foreach (Document document in PythonPackageWriter.Write(model))
        {
            string path = Path.Combine(root, document.Path[Package.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, document.Text);
            string[] lines = document.Text.Split('\n');
            Assert.All(lines, line => Assert.True(line.Length <= 120 && line.TrimEnd() == line, line));
        }

        File.WriteAllText(Path.Combine(root, "daemonproxy", "__init__.py"), "");
        foreach (string name in (string[])["wire.py", "messages.py"])
        {
            File.Copy(
                Path.Combine(Repository.Root, Package, "daemonproxy", name),
                Path.Combine(root, "daemonproxy", name),
                true);
        }
    }

    private string Run(string spec, string program)
    {
        List<string> arguments = ["-B", "-W", "error", "-c", program];
        (int status, string printed) = Shell.Try(Path.Combine(_directory, spec), "python3", [.. arguments]);
        Assert.True(status == 0, $"{spec}: {printed}");
        return string.Join('\n', printed.Split('\n').Where(line => line.Length > 0));
    }
}

using System.Globalization;
using System.Text;
using System.Threading;
using BenchmarkDotNet.Attributes;
using Daemonproxy.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Bench;

/// <summary>
/// The cost of the spec compiler for a build, or an editor at every key, with a spec of 1,000 commands: from nothing,
/// after a blank line, after a change of one command, and when another file was edited.
/// </summary>
public class GeneratorBenchmarks
{
    private const int Commands = 1_000;
    private static readonly CSharpCompilation _compilation = CSharpCompilation.Create("Empty");
    private readonly Spec _spec = new(Text(words: "words"));
    private readonly Spec _blank = new(Text(words: "words") + "\n");
    private readonly Spec _changed = new(Text(words: "phrase"));
    private GeneratorDriver _cold = null!;
    private GeneratorDriver _warm = null!;

    [GlobalSetup]
    public void SetUp()
    {
        _cold = CSharpGeneratorDriver.Create([new ProtocolGenerator().AsSourceGenerator()], [_spec]);
        _warm = _cold.RunGenerators(_compilation);
        Diagnostic[] problems = [.. _warm.GetRunResult().Diagnostics];
        if (problems.Length > 0)
        {
            throw new System.InvalidOperationException(problems[0].ToString());
        }
    }

    [Benchmark(Baseline = true)]
    public GeneratorDriver FromNothing() => _cold.RunGenerators(_compilation);

    [Benchmark]
    public GeneratorDriver AfterABlankLine() =>
        _warm.ReplaceAdditionalText(_spec, _blank).RunGenerators(_compilation);

    [Benchmark]
    public GeneratorDriver AfterAChangeOfOneCommand() =>
        _warm.ReplaceAdditionalText(_spec, _changed).RunGenerators(_compilation);

    [Benchmark]
    public GeneratorDriver AfterAChangeElsewhere() => _warm.RunGenerators(_compilation.Clone());

    // The last command has a field that is called otherwise in the changed spec.
    private static string Text(string words)
    {
        StringBuilder text = new(
            """
            # A protocol of many commands.
            protocol many 1

            # The longest line.
            limit line 4096

            # A name.
            type thing: name[1:31]
              missing  "no thing"
              invalid  "bad thing"
              unknown  "which thing?"

            # Not a number.
            error expected-integer  "expected integer"

            # Out of range.
            error out-of-range  "out of range"

            # A thing changed.
            event changed
              name: thing
              words: rest


            """);
        for (int number = 0; number < Commands; number++)
        {
            string last = number == Commands - 1 ? words : "words";
            text.Append(CultureInfo.InvariantCulture, $"# Does one of many things, number {number}.\n")
                .Append(CultureInfo.InvariantCulture, $"command thing.do{number}\n")
                .Append("  name: thing\n  count: integer[1:65535]  else out-of-range\n")
                .Append(CultureInfo.InvariantCulture, $"  {last}: rest\n  emits changed\n\n");
        }

        return text.ToString();
    }

    private sealed class Spec(string text) : AdditionalText
    {
        private readonly SourceText _text = SourceText.From(text, Encoding.UTF8);

        public override string Path => "/project/commands.spec";

        public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
    }
}

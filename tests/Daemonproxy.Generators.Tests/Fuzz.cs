using System;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Whatever bytes a spec has, it becomes a model or problems, never an exception. More mistakes in the real spec with
/// <c>DAEMONPROXY_LONG=1</c>: each of them is compiled whole.
/// </summary>
public sealed class Fuzz
{
    private const int Seeds = 2000;

    private static readonly int _mistakes =
        Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") == "1" ? 5000 : 500;

    // Pieces that mean something to the reader, so that mutations get past the first token.
    private static readonly string[] _words =
    [
        "command ", "event ", "type ", "enum ", "set ", "option ", "limit ", "error ", "warning ", "section ", "\n",
        "\n  ", "\"", "\\", "\t", " ", "  ", ": ", "?: ", "...: ", "[", "]", " | ", ", ", "= implies ", "rest", "text",
        "integer[", "seconds[1:2]", "instant", "signal[counted]", "set[", "name[1:31]", "service[create]", "fd[assign]",
        " else none", " else ", " missing ", " shown ", "fails ", "emits ", "streams ", "extra ", "cases ", "-", "...",
        "limit.line", "9223372036854775808", "-1", "{x:text}", "{", "}", "#", "# x\n", "\u2028", "\0", "é", "\uD83D",
    ];

    [Fact]
    public void RandomWords()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (int count = random.Next(1, 60); count > 0; count--)
            {
                text.Append(_words[random.Next(_words.Length)]);
            }

            Read(text.ToString(), seed);
        }
    }

    [Fact]
    public void RandomBytes()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(0, 300)];
            random.NextBytes(bytes);
            Read(Encoding.UTF8.GetString(bytes), seed);
        }
    }

    [Fact]
    public void TheRealSpecWithMistakes()
    {
        for (int seed = 0; seed < _mistakes; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder(Repository.Spec);
            for (int count = random.Next(1, 6); count > 0; count--)
            {
                Mutate(text, random);
            }

            Read(text.ToString(), seed);
        }
    }

    private static void Mutate(StringBuilder text, Random random)
    {
        int place = random.Next(text.Length);
        int length = Math.Min(random.Next(1, 12), text.Length - place);
        switch (random.Next(4))
        {
            case 0:
                text.Remove(place, length);
                break;
            case 1:
                text.Insert(place, _words[random.Next(_words.Length)]);
                break;
            case 2:
                text.Insert(random.Next(text.Length), text.ToString(place, length));
                break;
            default:
                text[place] = (char)random.Next(0, 256);
                break;
        }
    }

    private static void Read(string spec, int seed)
    {
        Exception? thrown = Record.Exception(() =>
        {
            CompiledSpec compiled = SpecCompiler.Compile("/project/commands.spec", SourceText.From(spec));
            bool isSound = compiled.Problems.All(problem => problem.Rule.DefaultSeverity < DiagnosticSeverity.Error);
            Assert.Equal(isSound, compiled.Model != null);
            Assert.Equal(isSound, compiled.Draft == null);
            foreach (Problems.Problem problem in compiled.Problems)
            {
                Assert.InRange(problem.Span.End, 0, spec.Length);
                Assert.NotEmpty(problem.ToDiagnostic().GetMessage(null));
            }

            // What has no problems must be written without any, and so must a draft of what has some. What is cached
            // is looked at now and then: it takes twice the time.
            if (seed % 20 == 0)
            {
                Driver.Run(spec);
            }
            else if (compiled.Model != null)
            {
                Driver.RunOnce(spec, Project.Daemon);
            }
        });
        Assert.True(thrown == null, $"seed {seed}: {thrown}\n{spec}");
    }
}

using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Daemonproxy.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The problems after a mistake in the real spec, or without a handler.</summary>
public sealed class RealSpec
{
    [Fact]
    public void AMisspeltTypeIsUnderlinedAndCorrected()
    {
        const string right = "  when?: \"-\" | instant ";
        const string wrong = "  when?: \"-\" | instnat ";
        Assert.Contains(right, Repository.Spec, StringComparison.Ordinal);
        string spec = Repository.Spec.Replace(right, wrong, StringComparison.Ordinal);

        Diagnostic problem = Assert.Single(Driver.Run(spec).Problems);

        LinePosition place = SourceText.From(spec).Lines.GetLinePosition(
            spec.IndexOf("instnat", StringComparison.Ordinal));
        FileLinePositionSpan span = problem.Location.GetLineSpan();
        Assert.Equal("/project/commands.spec", span.Path);
        Assert.Equal(place, span.StartLinePosition);
        Assert.Equal(place.Character + "instnat".Length, span.EndLinePosition.Character);
        Assert.Equal("there is no type \"instnat\"; did you mean \"instant\"?", problem.GetMessage(null));
    }

    [Fact]
    public void AForgottenHandlerDoesNotCompile()
    {
        Driver driver = Driver.Run(Repository.Spec);
        string handler = Handlers.For(driver);
        Assert.Empty(Compiled.Diagnose(driver, Probe.Source, handler));

        const string method = "CommandError IServicesCommands.ServiceStart(";
        int start = handler.IndexOf(method, StringComparison.Ordinal);
        string without = handler.Remove(start, handler.IndexOf('\n', start) - start);

        Diagnostic error = Assert.Single(Compiled.Diagnose(driver, Probe.Source, without));
        Assert.Equal("CS0535", error.Id);
        Assert.Contains(
            "IServicesCommands.ServiceStart(", error.GetMessage(null), StringComparison.Ordinal);
    }

    /// <summary>
    /// Whoever takes a message or a limit out of the program takes it out of the spec, too. Errors are also used by the
    /// fields and commands that name them.
    /// </summary>
    [Fact]
    public void EveryMessageAndLimitIsUsed()
    {
        string program = string.Concat(Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src", "Daemonproxy"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        foreach (string line in Repository.Spec.Split('\n'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string? made = line.StartsWith(' ') || words.Length < 2 ? null : words[0] switch
            {
                "error" => "Errors.",
                "warning" => "Warnings.",
                "info" => "Infos.",
                "log" => "LogMessages.",
                "limit" => "Limits.",
                _ => null,
            };
            if (made != null)
            {
                string member = made + Identifiers.Pascal(words[1]);
                bool isNamed = words[0] switch
                {
                    "limit" => Repository.Spec.Contains("limit." + words[1], StringComparison.Ordinal)
                        || words[1] is "outbox" or "error-text",
                    "error" => Regex.IsMatch(Repository.Spec, $@"\n  [^#\n]*[ ,]{words[1]}(,|\s)")
                        || words[1] is "expected-integer" or "expected-signal" or "missing-argument" or "unknown-flag"
                            or "bad-signal" or "bad-signal-number",
                    _ => false,
                };
                Assert.True(
                    isNamed || program.Contains(member, StringComparison.Ordinal),
                    $"commands.spec declares `{words[0]} {words[1]}`, but no file under src/Daemonproxy has {member}: "
                    + "use it there, or remove the declaration");
            }
        }
    }
}

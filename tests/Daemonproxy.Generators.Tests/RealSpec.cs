using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>What somebody sees who makes a mistake in the real spec, or forgets a handler.</summary>
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

        const string method = "CommandError ICommandHandler.ServiceStart(";
        int start = handler.IndexOf(method, StringComparison.Ordinal);
        string without = handler.Remove(start, handler.IndexOf('\n', start) - start);

        Diagnostic error = Assert.Single(Compiled.Diagnose(driver, Probe.Source, without));
        Assert.Equal("CS0535", error.Id);
        Assert.Contains(
            "ICommandHandler.ServiceStart(", error.GetMessage(null), StringComparison.Ordinal);
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>An edit of the real spec regenerates of the client what prints it, and nothing else.</summary>
public sealed class ClientIncrementality
{
    private readonly Driver _driver = Driver.RunClient(Repository.Spec);

    [Fact]
    public void ACommentThatDocumentsNothingRegeneratesNothing() =>
        Assert.Empty(Rewritten("section services\n", "# Here come the services.\n\nsection services\n"));

    [Fact]
    public void ACommandsFieldRegeneratesThatCommand() => Assert.Equal(
        ["ServiceTagsCommand.g.cs"], Rewritten("  tags: rest\n  fails", "  words: rest\n  fails"));

    [Fact]
    public void AnEventsLiteralRegeneratesThatEvent() => Assert.Equal(
        ["ServiceStateEvent.g.cs"],
        Rewritten("waiting   service  \"start\" ", "waiting   service  \"begin\" "));

    [Fact]
    public void AnErrorsTextRegeneratesTheErrors() =>
        Assert.Equal(["ErrorKind.g.cs"], Rewritten("\"service is running\"", "\"service runs\""));

    [Fact]
    public void ANewEventRegeneratesTheSearchForEvents() => Assert.Equal(
        ["EventParser.g.cs", "NewOneEvent.g.cs"],
        Rewritten("section options\n", "# New.\nevent new.one\n\nsection options\n"));

    [Fact]
    public void ALogMessageRegeneratesNothing() =>
        Assert.Empty(Rewritten("\"daemonproxy exiting\"", "\"daemonproxy ends\""));

    [Fact]
    public void TheTwoSidesHaveNoFileInCommon()
    {
        Driver daemon = Driver.Run(Repository.Spec);
        Assert.DoesNotContain(Namespaces(daemon), name => name == "namespace Daemonproxy.Client;");
        Assert.All(Namespaces(_driver), name => Assert.Equal("namespace Daemonproxy.Client;", name));
    }

    private static IEnumerable<string> Namespaces(Driver driver) => driver.Result.GeneratedSources
        .Select(source => source.SourceText.Lines
            .Select(line => line.ToString())
            .First(line => line.StartsWith("namespace ", StringComparison.Ordinal)));

    private SortedSet<string> Rewritten(string before, string after)
    {
        Assert.Contains(before, Repository.Spec, StringComparison.Ordinal);
        string edited = Repository.Spec.Replace(before, after, StringComparison.Ordinal);
        SortedSet<string> rewritten = _driver.Rewritten(edited);
        Assert.Empty(_driver.Problems);
        return rewritten;
    }
}

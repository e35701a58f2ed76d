using System;
using System.Collections.Generic;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>An edit of the real spec regenerates what prints it, and nothing else.</summary>
public sealed class Incrementality
{
    private readonly Driver _driver = Driver.Run(Repository.Spec);

    [Fact]
    public void ABlankLineRegeneratesNothing() =>
        Assert.Empty(Rewritten("section services\n", "\n\nsection services\n"));

    [Fact]
    public void ACommentThatDocumentsNothingRegeneratesNothing() =>
        Assert.Empty(Rewritten("section services\n", "# Here come the services.\n\nsection services\n"));

    [Fact]
    public void ACommandsFieldRegeneratesThatCommand() => Assert.Equal(
        ["CommandDispatch.ServiceTags.g.cs", "ServiceTagsArguments.g.cs"],
        Rewritten("  tags: rest\n  fails", "  words: rest\n  fails"));

    [Fact]
    public void ACommandsCommentRegeneratesItsArguments() => Assert.Equal(
        ["ServiceDeleteArguments.g.cs"],
        Rewritten("# Deletes a service that is not running.", "# Deletes a service that does not run."));

    [Fact]
    public void AnErrorOfACommandChangesItsDocumentsAlone() => Assert.Equal(
        ["ServiceDeleteArguments.g.cs"], Rewritten("  fails running\n", "  fails running, internal\n"));

    [Fact]
    public void AnEventsCommentRegeneratesThatEvent() =>
        Assert.Equal(["Events.LogFilter.g.cs"], Rewritten("# The log level in force.", "# The level in force."));

    [Fact]
    public void AnEventsLiteralRegeneratesThatEvent() => Assert.Equal(
        ["Events.ServiceState.g.cs"],
        Rewritten("waiting   service  \"start\" ", "waiting   service  \"begin\" "));

    [Fact]
    public void AnEventThatIsDeprecatedRegeneratesThatEvent() => Assert.Equal(
        ["Events.LogFilter.g.cs"], Rewritten("event log.filter\n", "event log.filter\n  deprecated \"use x\"\n"));

    [Fact]
    public void AnOptionThatIsDeprecatedRegeneratesWhatIsSaidOfOptions() => Assert.Equal(
        ["IOptionHandler.g.cs", "OptionTable.g.cs"],
        Rewritten("option subreaper\n", "option subreaper\n  deprecated \"use x\"\n"));

    [Fact]
    public void AnErrorsTextRegeneratesTheErrors() =>
        Assert.Equal(["Errors.g.cs"], Rewritten("\"service is running\"", "\"service runs\""));

    [Fact]
    public void ASetsCommentRegeneratesThatSet() =>
        Assert.Equal(["Set.FileFlags.g.cs"], Rewritten("  # Truncate the file to 0 bytes.", "  # Empty the file."));

    [Fact]
    public void AnotherLimitRegeneratesTheLimits() =>
        Assert.Equal(["Limits.g.cs"], Rewritten("limit crashes 8", "limit crashes 9"));

    [Fact]
    public void ANewSectionWithACommandLeavesTheOthersAlone() => Assert.Equal(
        [
            "CommandDispatch.NewOne.g.cs", "CommandDispatch.g.cs", "CommandHandlers.g.cs", "CommandRights.g.cs",
            "CommandTable.g.cs", "INoveltiesCommands.g.cs", "NewOneArguments.g.cs",
        ],
        RewrittenTo(Repository.Spec + "\n\nsection novelties\n\n# New.\ncommand new.one\n"));

    [Fact]
    public void ALogMessagesTextRegeneratesTheLogMessages() =>
        Assert.Equal(["LogMessages.g.cs"], Rewritten("\"daemonproxy exiting\"", "\"daemonproxy ends\""));

    [Fact]
    public void ALogMessagesLevelRegeneratesTheLogMessages() =>
        Assert.Equal(["LogMessages.g.cs"], Rewritten("log exiting info ", "log exiting warning "));

    [Fact]
    public void ALogMessagesCommentRegeneratesTheLogMessages() =>
        Assert.Equal(["LogMessages.g.cs"], Rewritten("# The daemon ends.", "# The end of the daemon."));

    [Fact]
    public void ACommentOnNoLogMessageRegeneratesNothing() =>
        Assert.Empty(Rewritten("# The daemon ends.", "# What follows is the end.\n\n# The daemon ends."));

    [Fact]
    public void ANewLogMessageRegeneratesTheLogMessages() => Assert.Equal(
        ["LogMessages.g.cs"],
        Rewritten("# The daemon ends.", "# It began.\nlog began info \"daemonproxy begins\"\n# The daemon ends."));

    private SortedSet<string> Rewritten(string before, string after)
    {
        Assert.True(
            Repository.Spec.Contains(before, StringComparison.Ordinal),
            $"commands.spec has no \"{before}\" any more: edit another line of it in {nameof(Incrementality)}.cs");
        return RewrittenTo(Repository.Spec.Replace(before, after, StringComparison.Ordinal));
    }

    private SortedSet<string> RewrittenTo(string edited)
    {
        SortedSet<string> rewritten = _driver.Rewritten(edited);
        Assert.Empty(_driver.Problems);
        return rewritten;
    }
}

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Tests.Support;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>
/// The settings of a service, as the spec has them: a command about a service that answers with the event of its own
/// name. Each is set by its command, and a statedump must restate it, also after a crash.
/// </summary>
public sealed class RestatedSettingTests
{
    public static TheoryData<string> Settings => [.. Commands.Select(command => command.Name)];

    // The commands that take words of their own where the spec has only text.
    private static readonly Dictionary<string, string> _words = new()
    {
        ["service.limits"] = "core=0",
        ["service.process"] = "nice=5",
        ["service.mounts"] = "dev",
        ["service.args_from"] = "texts",
        ["service.env_from"] = "texts",
        ["service.cgroup"] = "workers",
    };

    private static IEnumerable<CommandModel> Commands => Spec.Model.Commands.Where(
        command => command.Fields is [{ Type.Value.Declaration: "service" }, ..]
            && command.Emits.Any(emitted => IsOrIsCaseOf(emitted.Event, command.Name)));

    [Fact]
    public void TextsAndNumbersAreAmongTheSettings()
    {
        Assert.Contains(Commands, command => command.Name == "service.tags");
        Assert.Contains(Commands, command => command.Name == "service.auto_up");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void TheSpecStreamsTheEventOfASetting(string setting)
    {
        CommandModel statedump = Spec.Model.Commands.Single(command => command.Name == "statedump");
        Assert.True(
            statedump.Streams.Contains(setting),
            $"commands.spec does not say that the statedump has {setting}: add it to `streams` of `statedump`");
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void AStatedumpRestatesASetting(string setting)
    {
        CommandModel command = Commands.Single(one => one.Name == setting);
        IEnumerable<FieldModel> fields = command.Fields.Where(field => field.When == null);
        string line = string.Join('⇥', fields.Select(field => ValueOf(setting, field)).Prepend(setting));
        using Stage stage = new();
        stage.Do("$ daemonproxy -i");
        stage.Do("> service.tags⇥web⇥any");
        IReadOnlyList<string> blank = [.. stage.Do("> statedump")];

        string? announced = stage.Do("> " + line).FirstOrDefault(
            answer => answer.StartsWith($"< {setting}⇥web", StringComparison.Ordinal));

        Assert.True(
            announced != null && !blank.Contains(announced),
            $"{line} does not announce another value of {setting}, but: {announced}. If the line is wrong, give the "
                + "field a valid value in RestatedSettingTests.ValueOf");
        Require(stage);
        stage.Do("* crash");
        Require(stage);

        void Require(Stage stage) => Assert.True(
            stage.Do("> statedump").Contains(announced),
            $"The statedump does not restate {announced}: add a row for {setting} to Services/ServiceEvents.cs, and "
                + "see that the command keeps the value in the record or the texts of the service.");
    }

    // A value that is not the default, for which nothing needs to exist.
    private static string ValueOf(string setting, FieldModel field) => field.Type switch
    {
        { Kind: ValueKind.Text } when _words.TryGetValue(setting, out string? word) => word,
        null => field.Literals[^1],
        { Kind: ValueKind.Name, Value.Declaration: "service" } => "web",
        { Kind: ValueKind.Name } => "null",
        { Kind: ValueKind.Text } => $"text-of-{field.Name}",
        { Kind: ValueKind.Signal } => "SIGUSR1",
        { Kind: ValueKind.Enum } type => Spec.Model.Enums.Single(one => one.Name == type.Value.Declaration).Words[^1],
        { Kind: ValueKind.Set or ValueKind.ValuedSet } type =>
            Spec.Model.Sets.Single(one => one.Name == type.Value.Declaration).Words[^1].Name,
        var number => Math.Min((number.Least ?? 0) + 7, number.Most ?? long.MaxValue)
            .ToString(CultureInfo.InvariantCulture),
    };

    private static bool IsOrIsCaseOf(string emitted, string @event) =>
        emitted == @event || emitted.StartsWith(@event + ".", StringComparison.Ordinal);
}

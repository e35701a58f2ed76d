using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Generators.Model;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.BadInput;
using Daemonproxy.Tests.Support;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Access;

/// <summary>
/// Every command of the spec × every right × whose the thing is that it names: made from the model, so that no command
/// can be forgotten.
/// </summary>
public sealed class AccessMatrixTests
{
    private const string NotAllowed = "not allowed";

    private static readonly string[] _setup =
    [
        "* directory /run", "* file /data/a text", "* program /bin/known", "* program /bin/sh",
        "$ daemonproxy -i --debug-crash",
        "> service.args⇥web.admin⇥/bin/known", "> service.args⇥db⇥/bin/known",
        "> fd.pipe⇥web.log⇥secret",
        "> socket.create⇥name=all⇥/run/all",
        "> socket.create⇥name=watch,allow=watch,prefix=web.⇥/run/watch",
        "> socket.create⇥name=jobs,allow=jobs,prefix=web.,user=daemon⇥/run/jobs",
        "* connect all /run/all", "* connect watch /run/watch", "* connect jobs /run/jobs",
        "jobs> service.args⇥web.own⇥/bin/known", "jobs> fd.pipe⇥web.r⇥web.w",
    ];

    /// <summary>
    /// Whose it is: nobody's yet, the sender's, somebody else's, or one that does not exist for the sender.
    /// </summary>
    private enum Whose
    {
        New,
        Own,
        Other,
        Hidden,
        Missing,
    }

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> cases = [];
        foreach (CommandModel command in Spec.Model.Commands)
        {
            foreach (string right in Rights)
            {
                cases.Add(command.Name, right);
            }
        }

        return cases;
    }

    private static IReadOnlyList<string> Rights => [.. Spec.Model.Enums.First(one => one.Name == "right").Words];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ACommandDoesWhatTheRightOfItsSenderAllows(string name, string right)
    {
        CommandModel command = Spec.Model.Commands.First(one => one.Name == name);
        FieldModel? reference = command.Fields.FirstOrDefault(
            field => field.Type is { Kind: ValueKind.Name } type && type.Use != NameUse.Form
                && type.Value.Declaration != "socket");
        bool hasRight = RankOf(right) >= RankOf(command.Needs!);
        string? missing = null;
        foreach (Whose whose in reference is null ? [Whose.New] : Enum.GetValues<Whose>())
        {
            string? error = Send(command, reference, right, whose);
            if (!hasRight)
            {
                Assert.Equal(NotAllowed, error);
                continue;
            }

            bool isRefused = right != "all" && whose == Whose.Other && reference!.Type!.Use != NameUse.Existing;
            Assert.Equal(isRefused, error == NotAllowed);
            if (right != "all" && whose is Whose.Hidden or Whose.Missing)
            {
                Assert.Equal(TextOf(reference!.Type!.Value.Declaration), error);
                Assert.Equal(missing ?? error, error);
                missing = error;
            }
        }
    }

    /// <summary>The right that each command needs: whoever changes it changes this list, too.</summary>
    [Fact]
    public void CommandsNeedTheseRights()
    {
        string[] watch = ["echo", "statedump", "exit", "conn.event_timeout"];
        string[] forAll = ["service.root", "service.mounts", "service.cgroup"];
        string[] jobs = ["fd.pipe", "fd.take", "fd.give", "fd.delete"];
        foreach (CommandModel command in Spec.Model.Commands)
        {
            bool isOfServices = command.Name.StartsWith("service.", StringComparison.Ordinal);
            string expected = watch.Contains(command.Name) ? "watch"
                : jobs.Contains(command.Name) || (isOfServices && !forAll.Contains(command.Name)) ? "jobs"
                : "all";
            Assert.Equal((command.Name, expected), (command.Name, command.Needs));
        }
    }

    // A daemon that nothing has changed, for each line.
    private static string? Send(CommandModel command, FieldModel? reference, string right, Whose whose)
    {
        using Stage stage = new();
        foreach (string line in _setup)
        {
            stage.Do(line);
        }

        if (command.Takes is not null)
        {
            stage.Do($"* {right} passes /data/a");
        }

        List<string> words = [command.Name];
        foreach (FieldModel field in command.Fields)
        {
            if (field == reference || field.Mark is FieldMark.Required or FieldMark.List)
            {
                string type = field.Type?.Value.Declaration ?? "";
                words.Add(field == reference ? NameFor(type, whose) : ValueFor(command, field));
            }
        }

        string beginning = $"{right}< error⇥";
        string? answer = stage.Do($"{right}> {string.Join('⇥', words)}")
            .FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal));
        return answer?[beginning.Length..].Split(", for command ")[0];
    }

    private static string ValueFor(CommandModel command, FieldModel field) =>
        field.Type is { Kind: ValueKind.Name, Use: not NameUse.Form } ? "web.second"
        : field is { Mark: FieldMark.List, Literals.Count: > 0 } ? field.Literals[0]
        : field.Type is { Kind: ValueKind.Name } ? "web.log"
        : FieldValues.Good(command, field);

    private static string NameFor(string type, Whose whose) => (type, whose) switch
    {
        (_, Whose.New) => "web.new",
        ("service", Whose.Own) => "web.own",
        ("service", Whose.Other) => "web.admin",
        ("service", Whose.Hidden) => "db",
        (_, Whose.Own) => "web.r",
        (_, Whose.Other) => "web.log",
        (_, Whose.Hidden) => "secret",
        _ => "none",
    };

    private static int RankOf(string right) => Rights.ToList().IndexOf(right);

    private static string TextOf(string type) => type == "service" ? "No such service" : "No such file descriptor";
}

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>docs/protocol.json has the form that docs/protocol.schema.json describes.</summary>
public sealed class Schema
{
    private readonly JsonElement _schema = Parse("docs/protocol.schema.json");
    private readonly JsonElement _protocol = Parse("docs/protocol.json");
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _used = [];

    [Fact]
    public void TheProtocolHasItsForm()
    {
        Check(_protocol, _schema, "");
        Assert.Empty(_problems);
    }

    [Theory]
    [InlineData("{}", "protocol is missing")]
    [InlineData("{\"protocol\": 1}", "/protocol is no string")]
    [InlineData("{\"colour\": 1}", "/colour is not known")]
    [InlineData("{\"options\": [{\"name\": \"x\", \"repeats\": 1}]}", "/options/0/repeats is not true")]
    [InlineData("{\"types\": [{\"name\": \"x\", \"base\": \"y\"}]}", "/types/0/base is none of the words")]
    public void AnythingElseIsNoticed(string json, string problem)
    {
        Check(JsonDocument.Parse(json).RootElement, _schema, "");
        Assert.Contains(problem, _problems);
    }

    /// <summary>Each reference refers to something that exists.</summary>
    [Fact]
    public void NamesOfErrorsAndEventsAreThere()
    {
        HashSet<string> errors = [.. Names("errors")];
        HashSet<string> events = [.. Names("events")];
        foreach (JsonElement @event in _protocol.GetProperty("events").EnumerateArray())
        {
            events.UnionWith(@event.GetProperty("lines").EnumerateArray()
                .Where(line => line.TryGetProperty("case", out _))
                .Select(line => @event.GetProperty("name").GetString() + "." + line.GetProperty("case").GetString()));
        }

        events.UnionWith(Names("warnings").Select(name => "warning." + name));
        foreach (JsonElement command in _protocol.GetProperty("commands").EnumerateArray())
        {
            Assert.Subset(errors, Texts(command, "fails"));
            Assert.Subset(events, Texts(command, "streams"));
            Assert.All(
                command.GetProperty("fields").EnumerateArray(),
                field => Assert.Subset(errors, Texts(field, "errors")));
            if (command.TryGetProperty("emits", out JsonElement emits))
            {
                Assert.All(
                    emits.EnumerateArray(),
                    item => Assert.True(events.Contains(item.GetProperty("event").GetString()!), $"{item}"));
            }
        }
    }

    [Fact]
    public void EveryPartOfTheSchemaIsUsed()
    {
        Check(_protocol, _schema, "");
        Assert.Equal(_schema.GetProperty("$defs").EnumerateObject().Select(part => part.Name).Order(), _used.Order());
    }

    private IEnumerable<string> Names(string list) =>
        _protocol.GetProperty(list).EnumerateArray().Select(item => item.GetProperty("name").GetString()!);

    private static HashSet<string> Texts(JsonElement element, string list) =>
        element.TryGetProperty(list, out JsonElement texts)
            ? [.. texts.EnumerateArray().Select(text => text.GetString()!)]
            : [];

    // As much of JSON Schema as the file uses.
    private void Check(JsonElement value, JsonElement schema, string path)
    {
        foreach (JsonProperty rule in schema.EnumerateObject())
        {
            switch (rule.Name)
            {
                case "$ref":
                    string part = rule.Value.GetString()!["#/$defs/".Length..];
                    _used.Add(part);
                    Check(value, _schema.GetProperty("$defs").GetProperty(part), path);
                    break;
                case "type":
                    Require(IsA(value, rule.Value.GetString()!), $"{path} is no {rule.Value}");
                    break;
                case "enum":
                    Require(
                        rule.Value.EnumerateArray().Any(word => word.ValueEquals(value.GetString())),
                        $"{path} is none of the words");
                    break;
                case "const":
                    Require(value.ValueKind == JsonValueKind.True, $"{path} is not true");
                    break;
                case "required":
                    CheckRequired(value, rule.Value, path);
                    break;
                case "properties":
                    CheckProperties(value, rule.Value, path);
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    int index = 0;
                    value.EnumerateArray().ToList().ForEach(item => Check(item, rule.Value, $"{path}/{index++}"));
                    break;
                default:
                    string[] others = ["$schema", "$defs", "title", "description", "additionalProperties", "items"];
                    Assert.Contains(rule.Name, others);
                    break;
            }
        }
    }

    private void CheckRequired(JsonElement value, JsonElement names, string path)
    {
        foreach (JsonElement name in names.EnumerateArray())
        {
            Require(value.TryGetProperty(name.GetString()!, out _), $"{path}{name} is missing");
        }
    }

    private void CheckProperties(JsonElement value, JsonElement rules, string path)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            bool isKnown = rules.TryGetProperty(property.Name, out JsonElement rule);
            Require(isKnown, $"{path}/{property.Name} is not known");
            if (isKnown)
            {
                Check(property.Value, rule, $"{path}/{property.Name}");
            }
        }
    }

    private static bool IsA(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private void Require(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(problem);
        }
    }

    private static JsonElement Parse(string path) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, path))).RootElement;
}

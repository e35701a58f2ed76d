using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Daemonproxy.Fleet.Records;

/// <summary>
/// What an agent needs to run a job, as JSON in its record. An agent that reads a field it does not know gives the job
/// back: whoever wrote it meant something by it.
/// </summary>
/// <remarks>What can be left out has a setter: the generated reader gives init-only properties no default.</remarks>
internal sealed record FleetSpec
{
    /// <summary>The version of records that this code writes, and the newest that it reads.</summary>
    public const int Version = 1;

    /// <summary>Program and arguments, a NUL behind each.</summary>
    public required byte[] Arguments { get; init; }

    /// <summary>Variables that are set or removed, a NUL behind each.</summary>
    public byte[] Environment { get; set; } = [];

    public bool ClearsEnvironment { get; set; }

    public string? Directory { get; set; }

    public IReadOnlyList<string> Limits { get; set; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; set; } = new Dictionary<string, string>();

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Default.FleetSpec);

    /// <summary>Reads one.</summary>
    /// <exception cref="JsonException">It has a field that this version does not know, or is damaged.</exception>
    public static FleetSpec Read(byte[] bytes) => JsonSerializer.Deserialize(bytes, SpecJson.Default.FleetSpec) switch
    {
        null => throw new JsonException("The description of the job is empty."),
        { Arguments: not [not 0, .., 0] } => throw new JsonException("The description of the job has no program."),
        { Environment: not [] and not [.., 0] } =>
            throw new JsonException("The description of the job has half a variable."),
        var spec => spec,
    };
}

/// <summary>What an agent tells of itself.</summary>
internal sealed record MachineNote
{
    public IReadOnlyList<string> Queues { get; init; } = [];

    public int Places { get; init; }

    public int Running { get; init; }

    public string Version { get; init; } = "";

    public string? Trouble { get; init; }
}

[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FleetSpec))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class SpecJson : JsonSerializerContext;

// What a newer agent tells more of itself is for others to read.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MachineNote))]
internal sealed partial class NoteJson : JsonSerializerContext;

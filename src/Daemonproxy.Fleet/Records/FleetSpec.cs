using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Daemonproxy.Fleet.Records;

/// <summary>
/// The data for an agent to run a job, as JSON in its record. An agent gives a job with an unknown field back, because
/// the field may be essential.
/// </summary>
/// <remarks>Optional properties have a setter: the generated reader gives init-only properties no default.</remarks>
internal sealed record FleetSpec
{
    /// <summary>The version of records that this code writes, and the newest that it reads.</summary>
    public const int Version = 1;

    /// <summary>Program and arguments, each terminated by NUL.</summary>
    public required byte[] Arguments { get; init; }

    /// <summary>Variables to set or remove, each terminated by NUL.</summary>
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

/// <summary>The data that an agent publishes about itself.</summary>
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

// Additional data of newer agents are ignored.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MachineNote))]
internal sealed partial class NoteJson : JsonSerializerContext;

using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Checking;

/// <summary>The types that the language has, and where they may stand.</summary>
internal static class BaseTypes
{
    /// <summary>Every base type that stands for a value. <c>name</c> is not: it is only declared upon.</summary>
    public static IReadOnlyDictionary<string, (ValueKind Kind, Places Places)> All { get; } =
        new Dictionary<string, (ValueKind, Places)>
        {
            ["text"] = (ValueKind.Text, Places.Command | Places.Option | Places.Event | Places.Message),
            ["rest"] = (ValueKind.Text, Places.Command | Places.Event),
            ["integer"] = (ValueKind.Integer, Places.Command | Places.Option | Places.Event | Places.Message),
            ["seconds"] = (ValueKind.Seconds, Places.Command | Places.Option | Places.Event),
            ["instant"] = (ValueKind.Instant, Places.Command | Places.Event),
            ["signal"] = (ValueKind.Signal, Places.Command | Places.Event),
            ["set"] = (ValueKind.Set, Places.Command | Places.Option | Places.Event),
            ["pid"] = (ValueKind.Pid, Places.Event | Places.Message),
            ["exit-code"] = (ValueKind.ExitCode, Places.Event),
            ["errno"] = (ValueKind.Errno, Places.Message),
            ["pool"] = (ValueKind.Pool, Places.Option),
        };

    /// <summary>Names that no declared type can have.</summary>
    public static bool IsReserved(string name) => name == "name" || All.ContainsKey(name);

    /// <summary>Where a declared name may stand.</summary>
    public const Places OfNames = Places.Command | Places.Option | Places.Event | Places.Message;

    /// <summary>Where an enum may stand.</summary>
    public const Places OfEnums = Places.Command | Places.Option | Places.Event | Places.Log;
}

using System.Collections.Generic;

namespace Daemonproxy.Generators.Reading;

/// <summary>The roles of the texts of a declared type.</summary>
internal static class TypeRoles
{
    /// <summary>The roles of the texts of a type upon this base; none for what is no base.</summary>
    public static IReadOnlyList<string> Of(string @base) => @base switch
    {
        "name" => ["missing", "invalid", "unknown", "constant", "full"],
        "integer" or "seconds" => ["range"],
        _ => [],
    };
}

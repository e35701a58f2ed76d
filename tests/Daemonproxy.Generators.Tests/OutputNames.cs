using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// The names of the files in the value of a source output step. Roslyn keeps them in a tuple of types that are its own,
/// whose elements have a property <c>HintName</c>.
/// </summary>
internal static class OutputNames
{
    public static IEnumerable<string> Of(object value)
    {
        if (value is not ITuple { Length: > 0 } tuple || tuple[0] is not IEnumerable sources)
        {
            yield break;
        }

        foreach (object source in sources)
        {
            PropertyInfo? name = source.GetType().GetProperty("HintName");
            if (name?.GetValue(source) is string text)
            {
                yield return text;
            }
        }
    }
}

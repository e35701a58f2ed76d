using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>Says in words how old something is, and what to use instead.</summary>
internal static class LifecycleProse
{
    /// <summary>The version of the protocol; empty when the spec does not say it.</summary>
    public static string Since(LifecycleModel lifecycle) => lifecycle.Since is { } version
        ? "Since version " + version.ToString(CultureInfo.InvariantCulture) + " of the protocol."
        : "";

    /// <summary>Both, each in a line of its own, as the comments of the spec are written.</summary>
    public static List<string> Lines(LifecycleModel lifecycle)
    {
        var lines = new List<string>();
        if (lifecycle.Since != null)
        {
            lines.Add(Since(lifecycle));
        }

        if (lifecycle.Deprecated != null)
        {
            lines.Add("Deprecated: " + lifecycle.Deprecated);
        }

        return lines;
    }

    /// <summary>A comment of the spec with both behind it.</summary>
    public static string Behind(string docs, LifecycleModel lifecycle) =>
        string.Join("\n", [docs, .. Lines(lifecycle)]);

    /// <summary>Lets generated code use what it declares to be obsolete.</summary>
    public static void AllowObsolete(SourceWriter writer, bool hasObsolete, string reason)
    {
        if (hasObsolete)
        {
            writer.Line("// " + reason);
            writer.Line("#pragma warning disable CS0618");
            writer.Gap();
        }
    }

    /// <summary>Makes the C# compiler say it to whoever uses the next declaration.</summary>
    public static void WriteObsolete(SourceWriter writer, LifecycleModel lifecycle)
    {
        if (lifecycle.Deprecated is { } deprecated)
        {
            writer.Line("[global::System.Obsolete(" + CSharp.Quoted(deprecated.Replace("`", "")) + ")]");
        }
    }
}

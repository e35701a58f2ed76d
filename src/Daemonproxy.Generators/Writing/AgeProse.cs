using System.Collections.Generic;
using System.Globalization;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>Says in words how old something is, and what to use instead.</summary>
internal static class AgeProse
{
    /// <summary>The version of the protocol; empty when the spec does not say it.</summary>
    public static string Since(AgeModel age) => age.Since is { } version
        ? "Since version " + version.ToString(CultureInfo.InvariantCulture) + " of the protocol."
        : "";

    /// <summary>Both, each in a line of its own, as the comments of the spec are written.</summary>
    public static List<string> Lines(AgeModel age)
    {
        var lines = new List<string>();
        if (age.Since != null)
        {
            lines.Add(Since(age));
        }

        if (age.Deprecated != null)
        {
            lines.Add("Deprecated: " + age.Deprecated);
        }

        return lines;
    }

    /// <summary>A comment of the spec with both behind it.</summary>
    public static string Behind(string docs, AgeModel age) => string.Join("\n", [docs, .. Lines(age)]);

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
    public static void WriteObsolete(SourceWriter writer, AgeModel age)
    {
        if (age.Deprecated is { } deprecated)
        {
            writer.Line("[global::System.Obsolete(" + CSharp.Quoted(deprecated.Replace("`", "")) + ")]");
        }
    }
}

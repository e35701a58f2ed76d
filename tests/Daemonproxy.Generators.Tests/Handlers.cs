using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Tests;

/// <summary>Makes a class that implements the commands of the generated handler interface, one line each.</summary>
internal static class Handlers
{
    /// <summary>The part of the class that <see cref="Probe.Source"/> begins.</summary>
    public static string For(Driver driver)
    {
        var text = new StringBuilder(
            "using Daemonproxy.Protocol;\n"
            + "namespace Daemonproxy.Commands;\ninternal sealed partial class Handler : ICommandHandler\n{\n");
        foreach (GeneratedSourceResult source in driver.Result.GeneratedSources)
        {
            foreach (string line in source.SourceText.ToString().Split('\n'))
            {
                Match method = Regex.Match(
                    line, @"^    global::Daemonproxy\.Protocol\.CommandError (\w+\(scoped in .*\));$");
                if (method.Success)
                {
                    text.Append("    CommandError ICommandHandler.").Append(method.Groups[1].Value)
                        .Append(" => CommandError.None;\n");
                }
            }
        }

        return text.Append("}\n").ToString();
    }
}

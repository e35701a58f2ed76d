using System;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Daemonproxy.Generators.Tests;

/// <summary>Makes a class that implements the generated handler interface, one line a member.</summary>
internal static class Handlers
{
    public static string For(Driver driver)
    {
        var text = new StringBuilder(
            "using System; using Daemonproxy.Kernels; using Daemonproxy.Protocol; using Daemonproxy.Time;\n"
            + "namespace Daemonproxy.Commands;\ninternal sealed class Handler : ICommandHandler\n{\n");
        foreach (GeneratedSourceResult source in driver.Result.GeneratedSources)
        {
            foreach (string line in source.SourceText.ToString().Split('\n'))
            {
                Match method = Regex.Match(line, @"^    CommandError (\w+\(scoped in .*\));$");
                if (method.Success)
                {
                    text.Append("    CommandError ICommandHandler.").Append(method.Groups[1].Value)
                        .Append(" => CommandError.None;\n");
                }
            }
        }

        return text.Append(
            """
                bool ICommandHandler.HasRoomForService => true;
                bool ICommandHandler.IsCounted(Signal signal) => true;
                bool ICommandHandler.IsConstantFd(FdIndex index) => false;
                bool ICommandHandler.TryFindService(Name name, out ServiceIndex index) { index = default; return true; }
                bool ICommandHandler.TryFindFd(Name name, out FdIndex index) { index = default; return true; }
            }
            """).ToString();
    }
}

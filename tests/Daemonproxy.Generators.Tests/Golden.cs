using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The files generated from the real spec, with one verified file for each.</summary>
internal static class Golden
{
    private const string Verified = ".verified.txt";

    /// <summary>All files of a side of the protocol; one that is generated no more must be removed.</summary>
    public static async Task Verify(Driver driver, string side)
    {
        string directory = Path.Combine("golden", side);
        var left = new SortedSet<string>(StringComparer.Ordinal);
        Directory.CreateDirectory(Path.Combine(Repository.Tests, directory));
        foreach (string path in Directory.GetFiles(Path.Combine(Repository.Tests, directory), "*" + Verified))
        {
            left.Add(Path.GetFileName(path)[..^Verified.Length]);
        }

        var differences = new List<string>();
        foreach (GeneratedSourceResult source in driver.Result.GeneratedSources)
        {
            string name = source.HintName[..^".g.cs".Length];
            left.Remove(name);
            try
            {
                await Verifier.Verify(
                    source.SourceText.ToString(), new VerifySettings().UseDirectory(directory).UseFileName(name));
            }
            catch (VerifyException difference)
            {
                differences.Add(difference.Message);
            }
        }

        foreach (string name in left)
        {
            differences.Add($"{name} is not generated any more: remove {Path.Combine(directory, name)}{Verified}");
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }
}

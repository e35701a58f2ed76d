using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Import.Tests.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Import.Tests.Reading;

/// <summary>Each sample becomes the file that was found right; the manager checks each, too.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (string kind in Directory.EnumerateDirectories(Samples.Folder).Select(Path.GetFileName)!)
            {
                foreach (string sample in Samples.Of(kind))
                {
                    all.Add(kind, sample);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public Task ASampleBecomesTheFile(string kind, string sample)
    {
        // What the machine has must not count.
        Environment.SetEnvironmentVariable("HOME", "/root");
        ImportResult result = Samples.Import(kind, Path.Combine(Samples.Folder, kind, sample));
        return Verifier.Verify(
            Samples.Shown(result),
            new VerifySettings().UseDirectory("../Golden").UseFileName($"{kind}.{sample.Replace('/', '.')}"));
    }
}

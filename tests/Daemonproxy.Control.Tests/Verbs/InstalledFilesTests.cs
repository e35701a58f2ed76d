using System;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Control.Tests.Harness;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>The files beside dpctl that it makes itself, and that are installed with it.</summary>
public class InstalledFilesTests
{
    [Theory]
    [InlineData("bash", "dpctl.bash")]
    [InlineData("zsh", "_dpctl")]
    [InlineData("fish", "dpctl.fish")]
    public async Task ACompletionFileIsUpToDate(string shell, string name)
    {
        string script = (await Dpctl.RunAsync(Path.GetTempPath(), [], ["completion", shell])).Out;
        string file = Path.Combine(Binary.Root(), "completions", name);
        if (Environment.GetEnvironmentVariable("Verify_AcceptAll") == "true")
        {
            await File.WriteAllTextAsync(file, script);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), script);
    }
}

using System.IO;
using System.Linq;
using Daemonproxy.Jobs.Planning;

namespace Daemonproxy.Jobs.Running;

/// <summary>
/// For more arguments than the daemon reads from a descriptor: bash reads them from descriptor 3 and executes the
/// program in its place. The program sees the variables SHLVL, PWD, OLDPWD and _ as bash sets them. If it cannot be
/// executed, the exit code is 126 or 127, with a line in the output.
/// </summary>
internal static class BashBridge
{
    private const string Script = "mapfile -d '' -t a <&3 && exec 3<&- && exec -- \"${a[@]}\"";

    private static readonly string? _bash =
        new[] { "/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash" }.FirstOrDefault(File.Exists);

    public static bool Exists => _bash is not null;

    /// <summary>The arguments of the service.</summary>
    public static string[] Command() =>
    [
        _bash ?? throw new LaunchException(
            LaunchResult.Impossible, "Arguments of more than 128 KiB need bash, which is not installed."),
        "-p",
        "-c",
        Script,
    ];
}

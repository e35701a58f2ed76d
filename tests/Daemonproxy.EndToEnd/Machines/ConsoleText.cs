using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using VerifyXunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// The messages of Daemonproxy and the example's scripts on a console, without parts that differ between boots: the
/// kernel's own lines, prompts, what was typed, times and versions. Several processes write at the same time, so each
/// has its own part, and a line that is said again and again is there once.
/// </summary>
internal static partial class ConsoleText
{
    /// <summary>Compares it with the golden file of this name, or makes that one: `make accept`.</summary>
    public static Task Verify(string heard, string name) =>
        Verifier.Verify(Of(heard), new VerifySettings().UseDirectory("golden").UseFileName(name));

    /// <summary>The parts, each with its lines in the order in which they came first.</summary>
    public static string Of(string heard)
    {
        List<(string Speaker, string Line)> said = [];
        foreach (string line in heard.Split('\n').Select(Plain))
        {
            Match match = Wanted().Match(line);

            // This one runs for a moment, each ten seconds.
            if (match.Success && !match.Value.Contains("'tick'", StringComparison.Ordinal))
            {
                string speaker = match.Groups["script"] is { Success: true } script ? script.Value
                    : match.Groups["rescue"].Success ? "rescue"
                    : "log";
                said.Add((speaker, Stable(match.Value)));
            }
        }

        return string.Concat(said.Distinct().GroupBy(entry => entry.Speaker).OrderBy(part => part.Key)
            .Select(part => $"== {part.Key}\n{string.Concat(part.Select(entry => entry.Line + "\n"))}\n"));
    }

    // Without what moves a cursor or asks where it is.
    private static string Plain(string line) => Escapes().Replace(line, string.Empty).Replace("\r", string.Empty);

    private static string Stable(string line) =>
        Numbers().Replace(Versions().Replace(Times().Replace(line, "$1 N s"), "Linux VERSION"), "pid PID");

    [GeneratedRegex(@"\x1B(\[[0-9;?]*[A-Za-z]|c)")]
    private static partial Regex Escapes();

    // The daemon's log; what its helper says of a rescue; each script by its name, also where the shell complains about
    // it.
    [GeneratedRegex(@"(debug|info|warning|error|fatal): .*|(?<rescue>daemonproxy: |Lines that are written to its ).*"
        + @"|/etc/(?<script>[a-z]+)\.sh: .*|(?<script>mounts|last|network|shell): .*|(?<script>mount)ed after .*"
        + @"|This is .* and process 1 is (?<script>init)\..*")]
    private static partial Regex Wanted();

    [GeneratedRegex(@"\b(after|in) [0-9.]+ (s\b|seconds)")]
    private static partial Regex Times();

    [GeneratedRegex(@"\bpid [0-9]+")]
    private static partial Regex Numbers();

    [GeneratedRegex(@"Linux [0-9][^ ,]*")]
    private static partial Regex Versions();
}

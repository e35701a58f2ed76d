using System;
using System.IO;
using System.Runtime.InteropServices;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>agent</c> and <c>fleet</c>: the code for Redis is in another program, <c>dpctl-agent</c>, because it loads
/// OpenSSL. The program is beside dpctl, or in PATH, and gets all words after the verb unchanged.
/// </summary>
internal static class FleetVerbs
{
    private const string Program = "dpctl-agent";

    /// <summary>True for a command line that the other program reads.</summary>
    public static bool Has(string[] line) =>
        line is ["agent" or "fleet", ..] and not [_, "--help" or "-h", ..];

    /// <summary>Executes the other program in this process.</summary>
    /// <exception cref="Problem">The program is missing, or there is no such word.</exception>
    public static int Run(string[] line) => line switch
    {
        ["agent", .. string[] rest] => Become(["run", .. rest]),
        ["fleet", "status", .. string[] rest] => Become(["status", .. rest]),
        ["fleet", string word, ..] => throw Problem.Usage($"fleet has no word '{VisibleText.Of(word)}': fleet status"),
        _ => throw Problem.Usage("fleet needs a word behind it: fleet status"),
    };

    private static int Become(string[] words)
    {
        string beside = Path.Combine(AppContext.BaseDirectory, Program);
        string file = File.Exists(beside) ? beside : Program;
        int error = Replacement.Become(file, [Program, .. words]);
        throw new Problem(
            ExitCode.Failed,
            $"{Program} cannot be executed: {Marshal.GetPInvokeErrorMessage(error)};"
                + " it is searched beside dpctl and in PATH, and is in the package dpctl-agent");
    }
}

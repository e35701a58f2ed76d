using System;
using System.IO;
using System.Runtime.InteropServices;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// <c>agent</c> and <c>fleet</c>: what has to do with Redis is in another program, <c>dpctl-agent</c>, which loads
/// OpenSSL. It is beside dpctl, or in PATH, and gets all words behind the verb as they are.
/// </summary>
internal static class FleetVerbs
{
    private const string Program = "dpctl-agent";

    /// <summary>True for a command line that is not read here.</summary>
    public static bool Has(string[] line) =>
        line is ["agent" or "fleet", ..] and not [_, "--help" or "-h", ..];

    /// <summary>Becomes the other program.</summary>
    /// <exception cref="Problem">It is not there, or there is no such word.</exception>
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

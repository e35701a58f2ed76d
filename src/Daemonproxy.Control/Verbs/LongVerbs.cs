using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Verbs;

/// <summary>
/// Verbs that run until they are ended. The static program refuses them: it crashes when garbage is collected while
/// several threads run, which those that end at once do not live to see. docs/DPCTL.md has what is known.
/// </summary>
internal static class LongVerbs
{
#if STATIC_PROGRAM
    private const bool AreRefused = true;
#else
    private const bool AreRefused = false;
#endif

    /// <summary>Refuses a verb that this program cannot do.</summary>
    /// <exception cref="Problem">It is the static program.</exception>
    public static void Check(VerbCall call)
    {
        if (AreRefused)
        {
            throw new Problem(
                ExitCode.Failed, $"the static program cannot {call.Verb.Name} yet: run the dynamic one, out/dpctl");
        }
    }
}

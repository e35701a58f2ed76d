using System.Linq;
using Daemonproxy.Control.Text;
using Daemonproxy.Import;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Verbs;

/// <summary><c>import</c>: definitions of another system as a file of the manager, on standard output.</summary>
internal static class ImportVerb
{
    public static int Run(VerbCall call)
    {
        string word = call.Words[0];
        ImportKind kind = ImportKinds.Find(word) ?? throw Problem.Usage(
            $"import does not know '{VisibleText.Of(word)}', but {Sentence.Join(ImportKinds.Words, "and")}"
            + Suggestion.For(word, ImportKinds.Words));
        if (call.Words.Count > 2 && kind != ImportKind.Compose)
        {
            throw Problem.Usage("several paths are for compose: dpctl import --help");
        }

        ImportResult result;
        try
        {
            result = Importer.Import(kind, call.Words[1], [.. call.Words.Skip(2)]);
        }
        catch (ImportException problem)
        {
            // Without a name before it, so that editors jump there.
            call.Error.WriteLine(VisibleText.Of(problem.Message));
            return ExitCode.Failed;
        }

        call.Out.Write(result.Text).Flush();
        string notes = result.Notes == 0
            ? ""
            : $", {Sentence.Count(result.Notes, "setting")} not carried over (see NOT)";
        call.Error.WriteLine($"dpctl: {Sentence.Count(result.Services, "service")}{notes}.");
        return result.Notes > 0 && call.Has("--strict") ? ExitCode.Failed : ExitCode.Done;
    }
}

using System.Globalization;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Reading;

namespace Daemonproxy.Generators.Checking;

/// <summary>An enum or set has a word, and not too many that need a number of their own.</summary>
internal static class WordCount
{
    public static void Check(ProblemBag problems, DeclarationSyntax declaration, int words, int numbered, int most)
    {
        if (words == 0 && !declaration.IsBroken)
        {
            problems.Report(Rules.Empty, declaration.Name.Span, declaration.Keyword.Text, "a word");
        }

        if (numbered > most)
        {
            problems.Report(
                Rules.TooMany, declaration.Name.Span, declaration.Keyword.Text,
                most.ToString(CultureInfo.InvariantCulture), "words");
        }
    }
}

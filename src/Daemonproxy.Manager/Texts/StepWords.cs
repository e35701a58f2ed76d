using System.Text;
using Daemonproxy.Client;

namespace Daemonproxy.Manager.Texts;

/// <summary>The steps of a start, as the protocol names them.</summary>
public static class StepWords
{
    /// <summary>The word of a step.</summary>
    public static string Of(StartStep step)
    {
        var word = new StringBuilder();
        foreach (char letter in step.ToString())
        {
            word.Append(char.IsUpper(letter) && word.Length > 0 ? "-" : "").Append(char.ToLowerInvariant(letter));
        }

        return word.ToString();
    }
}

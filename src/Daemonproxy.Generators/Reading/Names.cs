namespace Daemonproxy.Generators.Reading;

/// <summary>What may be called a name in a spec.</summary>
internal static class Names
{
    /// <summary>Lower-case words, the first beginning with a letter, joined by single dashes or dots.</summary>
    public static bool IsName(string text, bool dotted)
    {
        bool wordBegins = true;
        for (int index = 0; index < text.Length; index++)
        {
            char c = text[index];
            bool isLetter = c is >= 'a' and <= 'z';
            bool isDigit = c is >= '0' and <= '9';
            bool isJoint = c is '-' or '_' || (dotted && c == '.');
            if (!(isLetter || (isDigit && index > 0) || (isJoint && !wordBegins)))
            {
                return false;
            }

            wordBegins = isJoint;
        }

        return !wordBegins;
    }
}

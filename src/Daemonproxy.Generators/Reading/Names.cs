namespace Daemonproxy.Generators.Reading;

/// <summary>The syntax of names in a spec.</summary>
internal static class Names
{
    /// <summary>
    /// The most characters of a name. C# takes 512 for a name that may be made of three of these, and file systems 255.
    /// </summary>
    public const int Longest = 80;

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

using System.Text;

namespace Daemonproxy.Generators.Writing;

/// <summary>Comments of the spec as XML documentation.</summary>
internal static class Xml
{
    /// <summary>Escapes what XML reads otherwise; <c>`word`</c> becomes code.</summary>
    public static string FromSpec(string text)
    {
        var xml = new StringBuilder(text.Length);
        bool isCode = false;
        foreach (char c in text)
        {
            switch (c)
            {
                case '`':
                    xml.Append(isCode ? "</c>" : "<c>");
                    isCode = !isCode;
                    break;
                case '&':
                    xml.Append("&amp;");
                    break;
                case '<':
                    xml.Append("&lt;");
                    break;
                case '>':
                    xml.Append("&gt;");
                    break;
                default:
                    xml.Append(c);
                    break;
            }
        }

        return xml.Append(isCode ? "</c>" : "").ToString();
    }
}

using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>
/// Writes JSON, one member a line, so that a change of the spec is a small difference; what belongs closely together
/// can be in one line.
/// </summary>
internal sealed class Json
{
    private readonly StringBuilder _text = new();
    private int _indentation;
    private int _inline;
    private bool _isFirst = true;

    public void Open(string? name, char bracket = '{', bool inOneLine = false)
    {
        Begin(name);
        _inline += inOneLine || _inline > 0 ? 1 : 0;
        _text.Append(bracket);
        _indentation++;
        _isFirst = true;
    }

    public void Close(char bracket = '}')
    {
        _indentation--;
        if (!_isFirst)
        {
            Break();
        }

        _inline -= _inline > 0 ? 1 : 0;
        _text.Append(bracket);
        _isFirst = false;
    }

    public void Text(string? name, string value)
    {
        Begin(name);
        Quote(value);
    }

    /// <summary>A text that is left out when it is empty.</summary>
    public void TextIfAny(string name, string value)
    {
        if (value.Length > 0)
        {
            Text(name, value);
        }
    }

    public void Number(string name, long value)
    {
        Begin(name);
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A flag that is left out when it is not set.</summary>
    public void TrueIf(string name, bool value)
    {
        if (value)
        {
            Begin(name);
            _text.Append("true");
        }
    }

    /// <summary>A list of texts; left out when it is empty.</summary>
    public void TextsIfAny(string name, IEnumerable<string> values)
    {
        bool isAny = false;
        foreach (string value in values)
        {
            if (!isAny)
            {
                Begin(name);
            }

            _text.Append(isAny ? ", " : "[");
            Quote(value);
            isAny = true;
        }

        _text.Append(isAny ? "]" : "");
    }

    public override string ToString() => _text + "\n";

    private void Begin(string? name)
    {
        _text.Append(_isFirst ? "" : _inline > 0 ? ", " : ",");
        if (_text.Length > 0)
        {
            Break();
        }

        _isFirst = false;
        if (name != null)
        {
            Quote(name);
            _text.Append(": ");
        }
    }

    private void Break()
    {
        if (_inline == 0)
        {
            _text.Append('\n').Append(' ', _indentation * 2);
        }
    }

    private void Quote(string value)
    {
        _text.Append('"');
        foreach (char c in value)
        {
            _text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                _ => c.ToString(),
            });
        }

        _text.Append('"');
    }
}

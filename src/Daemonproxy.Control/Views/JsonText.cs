using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>
/// Writes JSON. In the texts of the client a byte that is not UTF-8 is a lone surrogate: it becomes U+FFFD, and a field
/// <c>NAME_bytes</c> has the bytes in base64.
/// </summary>
internal static class JsonText
{
    private const char FirstByte = '\uDC00';

    /// <summary>Writes one value, and a line end.</summary>
    public static void Write(Output output, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var json = new Utf8JsonWriter(bytes, options))
        {
            write(json);
        }

        output.WriteBytes(bytes.WrittenSpan).Write('\n', 1);
    }

    /// <summary>A text, or null.</summary>
    public static void Text(Utf8JsonWriter json, string name, string? text)
    {
        json.WriteString(name, text is null ? null : Valid(text));
        if (text is not null && IsOdd(text))
        {
            json.WriteBase64String($"{name}_bytes", BytesOf(text));
        }
    }

    /// <summary>Texts in order.</summary>
    public static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        bool isOdd = false;
        foreach (string text in texts)
        {
            json.WriteStringValue(Valid(text));
            isOdd |= IsOdd(text);
        }

        json.WriteEndArray();
        if (isOdd)
        {
            json.WriteStartArray($"{name}_bytes");
            foreach (string text in texts)
            {
                json.WriteBase64StringValue(BytesOf(text));
            }

            json.WriteEndArray();
        }
    }

    /// <summary>A number, or null.</summary>
    public static void Number(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>True or false, or null.</summary>
    public static void Flag(Utf8JsonWriter json, string name, bool? flag)
    {
        if (flag is { } value)
        {
            json.WriteBoolean(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>The text with U+FFFD for what is not UTF-8.</summary>
    public static string Valid(string text) => IsOdd(text)
        ? string.Concat(text.EnumerateRunes().Select(rune => rune.ToString()))
        : text;

    private static bool IsOdd(string text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogate(text[index]))
            {
                if (!char.IsSurrogatePair(text, Math.Min(index, text.Length - 1)))
                {
                    return true;
                }

                index++;
            }
        }

        return false;
    }

    private static byte[] BytesOf(string text)
    {
        var bytes = new List<byte>();
        for (int index = 0; index < text.Length; index++)
        {
            if (Rune.TryGetRuneAt(text, index, out Rune rune))
            {
                byte[] utf8 = new byte[rune.Utf8SequenceLength];
                rune.EncodeToUtf8(utf8);
                bytes.AddRange(utf8);
                index += rune.Utf16SequenceLength - 1;
            }
            else
            {
                bytes.Add((byte)(text[index] - FirstByte));
            }
        }

        return [.. bytes];
    }
}

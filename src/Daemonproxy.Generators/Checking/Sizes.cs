using System;
using System.Text;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Reading;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators.Checking;

/// <summary>The most bytes that things take on the wire.</summary>
internal sealed class Sizes(Scope scope)
{
    // -9223372036854775808, -2147483648, SIGSTKFLT; the longest text of an errno has 49 bytes, 64 leave room.
    private const int Integer = 20;
    private const int Integer32 = 11;
    private const int Signal = 9;
    private const int Errno = 64;

    public static int OfText(string text) => Encoding.UTF8.GetByteCount(text);

    /// <summary>Both together; more than can be counted are as many as can be.</summary>
    public static int Sum(int one, int other) => (int)Math.Min((long)one + other, int.MaxValue);

    /// <summary>A value of this type; <paramref name="user"/> is what needs to know.</summary>
    public int Of(WireType type, TextSpan user) => type.Kind switch
    {
        ValueKind.Integer or ValueKind.Seconds or ValueKind.Instant => Integer,
        ValueKind.Pid or ValueKind.ExitCode => Integer32,
        ValueKind.Signal => Signal,
        ValueKind.Errno => Errno,
        ValueKind.Text => scope.Limit("line", user),
        ValueKind.Name => scope.Types[type.Declaration] is TypeSyntax name ? TypeBinder.Longest(name) : 0,
        ValueKind.Enum => LongestWord(type.Declaration),
        _ => AllWords(type.Declaration),
    };

    /// <summary>A message with all its placeholders filled, before any cutting.</summary>
    public int Of(EquatableArray<MessagePiece> pieces, TextSpan user)
    {
        int bytes = 0;
        foreach (MessagePiece piece in pieces)
        {
            bytes = Sum(bytes, piece.Type == null ? OfText(piece.Literal) : Of(piece.Type, user));
        }

        return bytes;
    }

    private int LongestWord(string name)
    {
        int longest = 0;
        if (scope.Types[name] is EnumSyntax @enum)
        {
            @enum.Words.ForEach(word => longest = Math.Max(longest, OfText(word.Name.Text)));
        }

        return longest;
    }

    // A value that is not sound has a problem already.
    private int OfValue(ElementSyntax value)
    {
        Token? last = value.Options.Count == 1 ? value.Options[0].Last : null;
        long? most = SetBinder.IsText(value) && last is { } bound ? scope.FindNumber(bound) : null;
        return most is >= 0 and < int.MaxValue ? (int)most : Integer;
    }

    private int AllWords(string name)
    {
        int bytes = -1;
        foreach (SetWordSyntax word in scope.Sets[name].Words)
        {
            bytes += word.IsAbbreviation ? 0 : OfText(word.Name.Text) + 1;
            bytes = Sum(bytes, word.Value == null ? 0 : Sum(1, OfValue(word.Value)));
        }

        return Math.Max(bytes, 0);
    }
}

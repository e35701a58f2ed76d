using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>The enum of all errors, which both sides of the protocol have.</summary>
internal static class ErrorMembers
{
    /// <summary>The enum; <c>none</c> is its first member, documented.</summary>
    public static void Write(
        SourceWriter writer,
        string declaration,
        (string Name, string Docs) none,
        EquatableArray<ErrorModel> errors,
        Documentation docs)
    {
        writer.OpenType(declaration);
        writer.Summary(none.Docs);
        writer.Line(none.Name + ",");
        foreach (ErrorModel error in errors)
        {
            writer.Gap();
            writer.Summary(Describe(error, docs));
            writer.Line(Identifiers.EnumMember(Identifiers.Pascal(error.Name), none.Name) + ",");
        }

        writer.Close();
    }

    /// <summary>The text of an error, and what the spec says of it.</summary>
    public static string Describe(ErrorModel error, Documentation docs)
    {
        string text = "";
        foreach (MessagePiece piece in error.Pieces)
        {
            text += piece.Placeholder == null ? piece.Literal : "{" + piece.Placeholder + "}";
        }

        string comment = docs["error " + error.Name];
        return comment.Length == 0 ? "`" + text + "`" : "`" + text + "`\n" + comment;
    }
}

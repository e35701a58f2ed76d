using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing;

/// <summary>The enum of all errors, which both sides of the protocol have.</summary>
internal static class ErrorMembers
{
    /// <summary>
    /// The enum; <c>none</c> is its first member, documented. With fixed numbers each error has that of the spec.
    /// </summary>
    public static void Write(
        SourceWriter writer,
        string declaration,
        (string Name, string Docs) none,
        EquatableArray<ErrorModel> errors,
        Documentation docs,
        bool isFixed = false)
    {
        writer.OpenType(declaration);
        writer.Summary(none.Docs);
        writer.Line(none.Name + Number(0) + ",");
        foreach (ErrorModel error in errors)
        {
            writer.Gap();
            writer.Summary(Describe(error, docs));
            string name = Identifiers.EnumMember(Identifiers.Pascal(error.Name), none.Name);
            writer.Line(name + Number(error.Number) + ",");
        }

        writer.Close();

        string Number(int number) => isFixed ? " = " + CSharp.Number(number) : "";
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

using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Writing.Client;

/// <summary>A field of a command as a parameter of its method.</summary>
internal sealed class ClientField(string command, FieldModel field, string docs)
{
    public FieldModel Field { get; } = field;

    /// <summary>The parameter.</summary>
    public string Local { get; } = Identifiers.Local(field.Name);

    /// <summary>Its documentation, as XML.</summary>
    public string Docs { get; } =
        Xml.FromSpec(string.Join(
            " ",
            [
                docs.Length > 0 ? docs.Replace('\n', ' ') : "The field `" + field.Notation + "`.",
                .. field.When is { } when ? new[] { "Given when `" + when.Field + "` is `" + when.Word + "`." } : [],
                .. field.Default is { } number ? new[] { "Without it " + CSharp.Number(number) + "." } : [],
                .. LifecycleProse.Lines(field.Lifecycle),
            ]));

    /// <summary>True if there is anything to choose: a single quoted word is always sent.</summary>
    public bool IsParameter =>
        Field.Type != null || Field.Prefixed.Count > 0 || Field.Literals.Count > 1 || IsOptional;

    /// <summary>True if the value can be quoted words, so that it needs a type of its own.</summary>
    public bool IsChoice => (Field.Literals.Count > 0 || Field.Prefixed.Count > 0) && IsParameter;

    /// <summary>The C# type of one value.</summary>
    public string Type => IsChoice
        ? Runtime.InClient + ChoiceType
        : Field.Mark == FieldMark.Rest ? "string" : ClientCSharp.TypeOf(Field.Type!.Value);

    /// <summary>The name of that type, where it is declared.</summary>
    public string ChoiceType => TypeIdentifiers.Choice(command, Field.Name);

    /// <summary>True if there can be any number of it.</summary>
    public bool IsList => Field.Mark is FieldMark.List or FieldMark.Rest;

    /// <summary>The parameter, which must be given.</summary>
    public string Plain => IsList ? Runtime.SpanOf + "<" + Type + "> " + Local
        : Type + (IsOptional ? "? " : " ") + Local;

    /// <summary>The parameter; one that may be left out has a default, and a list is the last one.</summary>
    public string Declaration => Field.Mark switch
    {
        FieldMark.List or FieldMark.Rest => "params " + Runtime.SpanOf + "<" + Type + "> " + Local,
        FieldMark.Optional => Type + "? " + Local + " = null",
        _ => Type + " " + Local,
    };

    private bool IsOptional => Field.Mark == FieldMark.Optional;

    /// <summary>The statement that appends it to the line.</summary>
    public void WriteTo(SourceWriter writer, string line)
    {
        string name = "nameof(" + Local + ")";
        if (!IsParameter)
        {
            writer.Line(line + ".Required(" + CSharp.Quoted(Field.Literals[0]) + ", "
                + CSharp.Quoted(Field.Name) + ");");
            return;
        }

        switch (Field.Mark)
        {
            case FieldMark.List or FieldMark.Rest:
                writer.Open("foreach (" + Type + " field in " + Local + ")");
                writer.Line(line + ".Required(" + TextOf("field", Local) + ", " + name + ");");
                writer.Close();
                writer.Gap();
                break;
            case FieldMark.Optional when Type == "string":
                writer.Line(line + ".Optional(" + Local + ", " + name + ");");
                break;
            case FieldMark.Optional:
                string value = Identifiers.Beside(Local, "given");
                writer.Line(
                    line + ".Optional(" + Local + " is { } " + value + " ? " + TextOf(value, Local) + " : null, " + name
                    + ");");
                break;
            default:
                writer.Line(line + ".Required(" + TextOf(Local, Local) + ", " + name + ");");
                break;
        }
    }

    private string TextOf(string value, string parameter) =>
        IsChoice ? value + ".Text" : Field.Type is { } type ? ClientCSharp.TextOf(type, value, parameter) : value;
}

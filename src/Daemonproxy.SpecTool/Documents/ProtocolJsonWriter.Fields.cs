using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;

namespace Daemonproxy.SpecTool.Documents;

/// <summary>The fields of commands and options in docs/protocol.json.</summary>
internal sealed partial class ProtocolJsonWriter
{
    private void WriteField(string key, FieldModel field)
    {
        Begin(key + "/", field.Name);
        _json.Text("mark", field.Mark.ToString().ToLowerInvariant());
        _json.TextsIfAny("literals", field.Literals);
        WritePrefixed(field);
        if (field.Type is { } type)
        {
            WriteArgument(type);
        }

        _json.TrueIf("toleratesMalformed", field.ToleratesMalformed);
        if (field.When is { } when)
        {
            _json.Open("when", inOneLine: true);
            _json.Text("field", when.Field);
            _json.Text("word", when.Word);
            _json.Close();
        }

        WriteDefault(field);
        _json.TextsIfAny("errors", Wire.Errors(field.Errors));
        WriteLifecycle(field.Lifecycle);
        _json.Close();
    }

    private void WritePrefixed(FieldModel field)
    {
        if (field.Prefixed.Count == 0)
        {
            return;
        }

        _json.Open("prefixed", '[');
        foreach (PrefixedModel prefixed in field.Prefixed)
        {
            _json.Open(null, inOneLine: true);
            _json.Text("prefix", prefixed.Prefix);
            WriteArgument(prefixed.Type);
            _json.Close();
        }

        _json.Close(']');
    }

    private void WriteArgument(ArgumentModel type)
    {
        WriteType(type.Value);
        if (type.Kind == ValueKind.Name)
        {
            _json.Text("use", type.Use.ToString().ToLowerInvariant());
        }

        Bounds(type.Least, type.Most);
        _json.TrueIf("counted", type.MustBeCounted);
    }

    private void WriteDefault(FieldModel? field)
    {
        if (field?.Default is { } number)
        {
            _json.Number("default", number);
        }
    }
}

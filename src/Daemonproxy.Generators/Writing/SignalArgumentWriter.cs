using Daemonproxy.Generators.Model;
using static Daemonproxy.Generators.Writing.Runtime;

namespace Daemonproxy.Generators.Writing;

/// <summary>The reading of a signal, for commands that take one.</summary>
internal static class SignalArgumentWriter
{
    public static GeneratedFile Write(SignalsModel _, Namespaces names)
    {
        var writer = new SourceWriter(names, names.Commands);
        writer.Summary("Reads a signal: a number 0 to 65535, or a name with or without SIG.");
        writer.OpenType("internal static class SignalArgument");
        writer.Summary("True if the field begins as a number does.");
        writer.Line($"public static bool IsNumber({Bytes} field) =>");
        writer.Line("    field.Length > 0 && field[0] is >= (byte)'0' and <= (byte)'9';");
        writer.Gap();
        writer.Summary("The signal that the field stands for, if it does for any.");
        writer.Open($"public static bool TryParse({Bytes} field, out {Signal} signal)");
        writer.If("!IsNumber(field)", $"return {Signal}.TryParseName(field, out signal);");
        writer.Gap();
        writer.Line($"bool isNumber = {ArgumentTypes}.TryInteger(field, out long number) && number <= 65535;");
        writer.Line("signal = new " + Signal + "(isNumber ? (int)number : 0);");
        writer.Line("return isNumber;");
        writer.Close();
        writer.Close();
        return GeneratedFile.From("SignalArgument", writer);
    }
}

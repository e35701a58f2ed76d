namespace Daemonproxy.Generators.Writing;

/// <summary>One thing that can be wrong with a field: the condition, and the error it answers with.</summary>
internal sealed record FieldCheck(string Condition, string Error);

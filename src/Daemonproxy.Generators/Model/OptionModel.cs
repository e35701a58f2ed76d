namespace Daemonproxy.Generators.Model;

/// <summary>An option of the command line: <c>option config c</c>, with the value it takes, if any.</summary>
internal sealed record OptionModel(
    string Name, char? Short, bool Repeats, FieldModel? Field, string Shown, LifecycleModel Lifecycle)
{
    /// <summary>True if the spec has problems, so that no handler is asked for.</summary>
    public bool IsDraft { get; init; }
}

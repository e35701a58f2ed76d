namespace Daemonproxy.Protocol;

/// <summary>The value of an optional field, and whether the line had it.</summary>
internal enum FieldState : byte
{
    /// <summary>The line ended before it.</summary>
    Absent,

    /// <summary>It is present, but not of its type. Only returned for fields with <c>else none</c>.</summary>
    Malformed,

    /// <summary>It is there, and of its type.</summary>
    Given,
}

/// <summary>An optional field of a command.</summary>
internal readonly struct Optional<T>(FieldState state, T value)
    where T : struct
{
    public FieldState State { get; } = state;

    /// <summary>Its value; meaningful only when <see cref="State"/> is <see cref="FieldState.Given"/>.</summary>
    public T Value { get; } = value;

    public bool IsGiven => State == FieldState.Given;
}

using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>
/// The changes of <c>service.env</c>: <c>KEY=VALUE</c> sets a variable and <c>KEY</c> removes it; <c>-</c> first starts
/// from nothing instead of the daemon's environment. The last change of a variable counts.
/// </summary>
internal readonly ref struct EnvironmentChanges(ReadOnlySpan<byte> fields)
{
    private const byte Equal = (byte)'=';

    /// <summary>True if the daemon's environment is not inherited.</summary>
    public bool StartFromNothing => IsFromNothing(FirstOf(Fields));

    /// <summary>The changes, and the leading <c>-</c>, which changes nothing.</summary>
    public FieldList Fields { get; } = new(fields);

    /// <summary>True if a field can be a change: it has a name, and <c>-</c> is none.</summary>
    public static bool IsChange(ReadOnlySpan<byte> field) =>
        !field.IsEmpty && field[0] != Equal && !IsFromNothing(field);

    public static bool IsFromNothing(ReadOnlySpan<byte> field) => field.SequenceEqual("-"u8);

    /// <summary>True if a change sets its variable; otherwise it removes it.</summary>
    public static bool Sets(ReadOnlySpan<byte> change) => change.Contains(Equal);

    /// <summary>The name of the variable of a change, or of a variable of the environment.</summary>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> change)
    {
        int equal = change.IndexOf(Equal);
        return equal < 0 ? change : change[..equal];
    }

    /// <summary>The last change of a variable; false when none changes it.</summary>
    public bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> change)
    {
        change = default;
        foreach (ReadOnlySpan<byte> field in Fields)
        {
            change = IsChange(field) && NameOf(field).SequenceEqual(name) ? field : change;
        }

        return !change.IsEmpty;
    }

    private static ReadOnlySpan<byte> FirstOf(FieldList fields)
    {
        foreach (ReadOnlySpan<byte> field in fields)
        {
            return field;
        }

        return default;
    }
}

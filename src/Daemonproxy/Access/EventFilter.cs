using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Access;

/// <summary>
/// Filters events for a restricted peer: it removes lines about other objects, and replaces hidden names of descriptors
/// in the remaining lines by <c>?</c>.
/// </summary>
internal static class EventFilter
{
    private const byte Tab = (byte)'\t';

    private static ReadOnlySpan<byte> Hidden => "?"u8;

    /// <summary>
    /// True if an event is for it: one about a service or a descriptor that exists for it, whose name is the first
    /// field. A warning that is not the answer to a command may name anything, and is not.
    /// </summary>
    public static bool IsFor(AccessPolicies table, AccessPolicyIndex access, ReadOnlySpan<byte> line)
    {
        FieldReader fields = new(line[..^1]);
        fields.TryNext(out ReadOnlySpan<byte> @event);
        return (@event.StartsWith("service."u8) || @event.StartsWith("fd."u8))
            && fields.TryNext(out ReadOnlySpan<byte> name) && table.Sees(access, name);
    }

    /// <summary>Writes a line for the peer, with hidden names replaced; never longer than the original line.</summary>
    public static void Write(ref LineWriter to, AccessPolicies table, AccessPolicyIndex access, ReadOnlySpan<byte> line)
    {
        FieldReader fields = new(line[..^1]);
        fields.TryNext(out ReadOnlySpan<byte> name);
        int first = FirstNameOf(name, line);
        bool areTriggers = name.SequenceEqual("service.auto_up"u8);
        to.Text(name);
        for (int index = 1; fields.TryNext(out ReadOnlySpan<byte> field); index++)
        {
            to.Byte(Tab);
            to.Text(index < first ? field : Shown(table, access, field, areTriggers));
        }

        to.Byte((byte)'\n');
    }

    // The first field that can be the name of another thing than the one that the line is about.
    private static int FirstNameOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> line) =>
        name.SequenceEqual("service.fds"u8) || name.SequenceEqual("service.args_from"u8)
            || name.SequenceEqual("service.env_from"u8) ? 2
        : name.SequenceEqual("service.auto_up"u8) ? 3
        : name.SequenceEqual("fd.state"u8) && IsPipe(line) ? 4
        : name.SequenceEqual("service.failed"u8) && IsForDescriptor(line) ? 5
        : int.MaxValue;

    private static bool IsPipe(ReadOnlySpan<byte> line) => Field(line, 2).SequenceEqual("pipe"u8);

    private static bool IsForDescriptor(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> step = Field(line, 3);
        return step.SequenceEqual("descriptors"u8) || step.SequenceEqual("texts"u8);
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int number)
    {
        FieldReader fields = new(line[..^1]);
        ReadOnlySpan<byte> field = default;
        for (int index = 0; index <= number && fields.TryNext(out field); index++)
        {
        }

        return field;
    }

    // Words that are no names of descriptors: a closed one, a trigger, and the one that everybody may have.
    private static ReadOnlySpan<byte> Shown(
        AccessPolicies table, AccessPolicyIndex access, ReadOnlySpan<byte> field, bool areTriggers)
    {
        if (areTriggers)
        {
            bool isHidden = field.StartsWith("fd:"u8) && !table.Sees(access, field["fd:"u8.Length..]);
            return isHidden ? "fd:?"u8 : field;
        }

        bool isKnown = field.IsEmpty || field.SequenceEqual("-"u8) || field.SequenceEqual("null"u8)
            || table.Sees(access, field);
        return isKnown ? field : Hidden;
    }
}

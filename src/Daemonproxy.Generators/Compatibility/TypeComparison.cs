using System;
using System.Collections.Generic;
using Daemonproxy.Generators.Model;

namespace Daemonproxy.Generators.Compatibility;

/// <summary>
/// Compares types by what goes over the wire: what a declared type is called does not matter, its words and bounds do.
/// </summary>
internal sealed class TypeComparison(SpecModel was, SpecModel @is)
{
    /// <summary>True if everything that was accepted still is, and means the same.</summary>
    public bool Accepts(ArgumentModel released, ArgumentModel now) =>
        AcceptsKind(released.Kind, now.Kind)
        && (AcceptsUse(released.Use, now.Use) || IsNeverConstant(released, now))
        && (!now.MustBeCounted || released.MustBeCounted)
        && (now.Least == null || released.Least >= now.Least)
        && (now.Most == null || released.Most <= now.Most)
        && (released.Pool is not { } pool || IsWithin(pool, now.Pool!))
        && Has(released.Value, now.Value);

    /// <summary>The errors for a wrong number behind a word, in the release and now.</summary>
    public IEnumerable<(string Released, string Now)> WordErrors(ArgumentModel released, ArgumentModel now)
    {
        if (released.Kind != ValueKind.ValuedSet)
        {
            yield break;
        }

        foreach (SetWordModel old in Find(was.Sets, released.Value.Declaration, set => set.Name).Words)
        {
            foreach (SetWordModel word in Find(@is.Sets, now.Value.Declaration, set => set.Name).Words)
            {
                if (old.Name == word.Name && old.Value is { } before && word.Value is { } after)
                {
                    yield return (before.Error.Name, after.Error.Name);
                }
            }
        }
    }

    /// <summary>True if a value is still written in the same form.</summary>
    public bool Writes(WireType? released, WireType? now) =>
        released == null || now == null
            ? released == now
            : AcceptsKind(released.Kind, now.Kind) && Has(released, now);

    private bool Has(WireType released, WireType now) => released.Kind switch
    {
        ValueKind.Name => Find(was.Names, released.Declaration, name => name.Name).Longest
            <= Find(@is.Names, now.Declaration, name => name.Name).Longest,
        ValueKind.Enum => Has(
            Find(was.Enums, released.Declaration, @enum => @enum.Name).Words,
            Find(@is.Enums, now.Declaration, @enum => @enum.Name).Words,
            (old, word) => old == word),
        ValueKind.Set or ValueKind.ValuedSet => Has(
            Find(was.Sets, released.Declaration, set => set.Name).Words,
            Find(@is.Sets, now.Declaration, set => set.Name).Words,
            IsSame),
        _ => true,
    };

    // A set may get a word with a value: without one, all its words mean what they did. A reader skips words that it
    // does not know.
    private static bool AcceptsKind(ValueKind released, ValueKind now) =>
        now == released || (released == ValueKind.Set && now == ValueKind.ValuedSet);

    // Where a name had to exist, be new, or not be constant, it may be accepted without that.
    private static bool AcceptsUse(NameUse released, NameUse now) =>
        now == released
        || now == NameUse.Form
        || (released == NameUse.Change && now is NameUse.Existing or NameUse.Assign)
        || (released is NameUse.Existing or NameUse.Change && now == NameUse.Create);

    // Nothing of the type is constant, so nothing is refused but what the sender has no right to.
    private bool IsNeverConstant(ArgumentModel released, ArgumentModel now) =>
        released.Use == NameUse.Existing && now.Use == NameUse.Change
        && !Find(@is.Names, now.Value.Declaration, name => name.Name).HasConstants;

    private static bool IsWithin(PoolBounds released, PoolBounds now) =>
        now.LeastRecords <= released.LeastRecords
        && now.MostRecords >= released.MostRecords
        && now.LeastBytes <= released.LeastBytes
        && now.MostBytes >= released.MostBytes;

    // All the words, in the same order; others may stand between them.
    private static bool Has<T>(EquatableArray<T> released, EquatableArray<T> now, Func<T, T, bool> isSame)
        where T : IEquatable<T>
    {
        int found = 0;
        foreach (T word in now)
        {
            found += found < released.Count && isSame(released[found], word) ? 1 : 0;
        }

        return found == released.Count;
    }

    // A number behind a word without one was ignored, and none was announced.
    private bool IsSame(SetWordModel released, SetWordModel now) =>
        released.Name == now.Name
        && released.Implies.Equals(now.Implies)
        && released.Clears.Equals(now.Clears)
        && (released.Value == null || now.Value == null
            ? released.Value == now.Value
            : now.Value.Kind == released.Value.Kind
                && now.Value.Least <= released.Value.Least
                && now.Value.Most >= released.Value.Most
                && (released.Value.Default == null || now.Value.Default == released.Value.Default));

    private static T Find<T>(IEnumerable<T> items, string wanted, Func<T, string> name)
    {
        foreach (T item in items)
        {
            if (name(item) == wanted)
            {
                return item;
            }
        }

        throw new InvalidOperationException("a spec without problems declares " + wanted);
    }
}

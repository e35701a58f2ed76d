using System;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Descriptors;

/// <summary>The text of a descriptor: its path or address, after the owner of its file, if it has one.</summary>
internal sealed partial class FdTable
{
    private static ReadOnlySpan<byte> Ellipsis => "..."u8;

    private static ReadOnlySpan<byte> OwnerEnd => "\t"u8;

    /// <summary>The path or address, as far as it was kept.</summary>
    public ReadOnlySpan<byte> TextOf(FdIndex index)
    {
        ReadOnlySpan<byte> text = _texts.Get(_records[index.Value].Text, (int)FdTextTag.Path);
        int ownerBytes = _records[index.Value].OwnerBytes;
        return ownerBytes == 0 ? text : text[Math.Min(ownerBytes + 1, text.Length)..];
    }

    /// <summary>Mode and owner of the file, from its flags.</summary>
    public FileRights RightsOf(FdIndex index)
    {
        ref readonly FdRecord record = ref _records[index.Value];
        ReadOnlySpan<byte> text = record.OwnerBytes == 0 ? default : _texts.Get(record.Text, (int)FdTextTag.Path);
        return new FileRights(record.Mode, text[..Math.Min(record.OwnerBytes, text.Length)]);
    }

    /// <summary>True if a record has room for an owner: it is not cut, as a path is.</summary>
    public bool HasRoomFor(ReadOnlySpan<byte> owner) =>
        owner.Length + OwnerEnd.Length + Ellipsis.Length <= MostTextBytes;

    private TextRef StageText(FdIndex index, scoped ReadOnlySpan<byte> owner, scoped ReadOnlySpan<byte> text)
    {
        int ownerBytes = owner.IsEmpty ? 0 : owner.Length + OwnerEnd.Length;
        if (ownerBytes == 0 && text.Length <= MostTextBytes)
        {
            return Stage(index, text);
        }

        Span<byte> whole = stackalloc byte[Limits.Line];
        owner.CopyTo(whole);
        OwnerEnd.CopyTo(whole[owner.Length..]);
        int room = MostTextBytes - ownerBytes;
        bool isCut = text.Length > room;
        ReadOnlySpan<byte> kept = isCut ? text[..(room - Ellipsis.Length)] : text;
        kept.CopyTo(whole[ownerBytes..]);
        int end = ownerBytes + kept.Length;
        if (isCut)
        {
            Ellipsis.CopyTo(whole[end..]);
            end += Ellipsis.Length;
        }

        return Stage(index, whole[..end]);
    }

    // A text that finds no memory is not worth failing for: the descriptor is what counts.
    private TextRef Stage(FdIndex index, scoped ReadOnlySpan<byte> text) =>
        !text.IsEmpty && _texts.TryStage(this, index.Value, (int)FdTextTag.Path, text, out TextRef staged)
            ? staged
            : default;
}

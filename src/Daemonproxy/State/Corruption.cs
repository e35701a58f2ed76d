using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>Why a record of the image cannot be believed.</summary>
internal enum Corruption : byte
{
    /// <summary>It makes sense.</summary>
    None,
    Name,
    SameName,
    State,
    Number,
    Time,
    Counts,
    Buffer,
    Text,
    SameText,
    Process,
    SameProcess,
    NoChild,
    Descriptor,
    SameDescriptor,
    Connection,
}

/// <summary>The same in words, as the log says them.</summary>
internal static class CorruptionText
{
    public static ReadOnlySpan<byte> Text(this Corruption flaw) => flaw switch
    {
        Corruption.Name => "its name is none"u8,
        Corruption.SameName => "its name is that of another one"u8,
        Corruption.State => "its state is unknown"u8,
        Corruption.Number => "a number in it is out of range"u8,
        Corruption.Time => "a time in it is out of range"u8,
        Corruption.Counts => "its counts contradict each other"u8,
        Corruption.Buffer => "what it says is in its buffer does not fit there"u8,
        Corruption.Text => "its text is none, or not where a text can be"u8,
        Corruption.SameText => "its text is that of another one"u8,
        Corruption.Process => "its process is none"u8,
        Corruption.SameProcess => "its process is that of another one"u8,
        Corruption.NoChild => "its process is no child of ours"u8,
        Corruption.Descriptor => "its descriptor is closed, or another file"u8,
        Corruption.SameDescriptor => "its descriptor is that of another one"u8,
        Corruption.Connection => "its controller does not exist"u8,
        _ => "nothing is wrong with it"u8,
    };
}

using System;

namespace Daemonproxy.Image;

/// <summary>Why a record of the image cannot be believed.</summary>
internal enum Flaw : byte
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
    Controller,
}

/// <summary>The same in words, as the log says them.</summary>
internal static class FlawText
{
    public static ReadOnlySpan<byte> Text(this Flaw flaw) => flaw switch
    {
        Flaw.Name => "its name is none"u8,
        Flaw.SameName => "its name is that of another one"u8,
        Flaw.State => "its state is unknown"u8,
        Flaw.Number => "a number in it is out of range"u8,
        Flaw.Time => "a time in it is out of range"u8,
        Flaw.Counts => "its counts contradict each other"u8,
        Flaw.Buffer => "what it says is in its buffer does not fit there"u8,
        Flaw.Text => "its text is none, or not where a text can be"u8,
        Flaw.SameText => "its text is that of another one"u8,
        Flaw.Process => "its process is none"u8,
        Flaw.SameProcess => "its process is that of another one"u8,
        Flaw.NoChild => "its process is no child of ours"u8,
        Flaw.Descriptor => "its descriptor is closed, or another file"u8,
        Flaw.SameDescriptor => "its descriptor is that of another one"u8,
        Flaw.Controller => "its controller does not exist"u8,
        _ => "nothing is wrong with it"u8,
    };
}

using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>Why a record of the image is quarantined.</summary>
internal enum Corruption : byte
{
    /// <summary>The record passed its checks.</summary>
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

/// <summary>The texts of the log for them.</summary>
internal static class CorruptionText
{
    public static ReadOnlySpan<byte> Text(this Corruption corruption) => corruption switch
    {
        Corruption.Name => "the name is not valid"u8,
        Corruption.SameName => "another record has the same name"u8,
        Corruption.State => "the state is unknown"u8,
        Corruption.Number => "a number is out of range"u8,
        Corruption.Time => "a time is out of range"u8,
        Corruption.Counts => "the counts contradict each other"u8,
        Corruption.Buffer => "a range is outside of its buffer"u8,
        Corruption.Text => "the text is not valid"u8,
        Corruption.SameText => "another record has the same text"u8,
        Corruption.Process => "the process ID is not valid"u8,
        Corruption.SameProcess => "another record has the same process"u8,
        Corruption.NoChild => "the process is not a child of the daemon"u8,
        Corruption.Descriptor => "the descriptor is closed or another file"u8,
        Corruption.SameDescriptor => "another record has the same descriptor"u8,
        Corruption.Connection => "the controller does not exist"u8,
        _ => "nothing is wrong"u8,
    };
}

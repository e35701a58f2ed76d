using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>The reasons to quarantine a record of the image.</summary>
internal enum QuarantineReason : byte
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
    Access,
}

/// <summary>The texts of the log for them.</summary>
internal static class QuarantineReasonText
{
    public static ReadOnlySpan<byte> Text(this QuarantineReason reason) => reason switch
    {
        QuarantineReason.Name => "the name is not valid"u8,
        QuarantineReason.SameName => "another record has the same name"u8,
        QuarantineReason.State => "the state is unknown"u8,
        QuarantineReason.Number => "a number is out of range"u8,
        QuarantineReason.Time => "a time is out of range"u8,
        QuarantineReason.Counts => "the counts contradict each other"u8,
        QuarantineReason.Buffer => "a range is outside of its buffer"u8,
        QuarantineReason.Text => "the text is not valid"u8,
        QuarantineReason.SameText => "another record has the same text"u8,
        QuarantineReason.Process => "the process ID is not valid"u8,
        QuarantineReason.SameProcess => "another record has the same process"u8,
        QuarantineReason.NoChild => "the process is not a child of the daemon"u8,
        QuarantineReason.Descriptor => "the descriptor is closed or another file"u8,
        QuarantineReason.SameDescriptor => "another record has the same descriptor"u8,
        QuarantineReason.Connection => "the controller does not exist"u8,
        QuarantineReason.Access => "what its control socket allows is not known"u8,
        _ => "nothing is wrong"u8,
    };
}

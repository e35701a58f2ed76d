using System;

namespace Daemonproxy.Rescue;

/// <summary>The reasons to start the service <c>rescue</c>; part of the image's layout: only append.</summary>
internal enum RescueReason : byte
{
    None,

    /// <summary>The config file cannot be opened.</summary>
    NoConfig,

    /// <summary>The config is read, and nothing can be done with the machine.</summary>
    EmptyConfig,

    /// <summary>A word of the kernel's command line.</summary>
    Word,

    /// <summary>A signal requested it, and no controller reads events.</summary>
    Signal,

    /// <summary>The program to execute on exit cannot be executed.</summary>
    ExecOnExitFailed,
}

/// <summary>The words for these reasons.</summary>
internal static class RescueReasonText
{
    public static ReadOnlySpan<byte> Text(this RescueReason reason) => reason switch
    {
        RescueReason.NoConfig => "the config file cannot be opened"u8,
        RescueReason.EmptyConfig => "the config file leaves neither a service nor a control socket"u8,
        RescueReason.Word => "the kernel's command line asks for it"u8,
        RescueReason.Signal => "a signal asks for it, and no controller reads"u8,
        RescueReason.ExecOnExitFailed => "the program to end with cannot be executed"u8,
        _ => "nobody asked"u8,
    };
}

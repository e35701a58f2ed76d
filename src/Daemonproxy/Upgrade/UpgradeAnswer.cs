using System;

namespace Daemonproxy.Upgrade;

/// <summary>What a program answers that is asked whether it can take over: one line.</summary>
internal static class UpgradeAnswer
{
    /// <summary>It can.</summary>
    public static ReadOnlySpan<byte> Can => "daemonproxy can resume\n"u8;

    /// <summary>It cannot; a reason follows.</summary>
    public static ReadOnlySpan<byte> Cannot => "daemonproxy cannot resume: "u8;
}

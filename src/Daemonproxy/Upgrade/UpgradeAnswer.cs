using System;

namespace Daemonproxy.Upgrade;

/// <summary>The answer of a program to an upgrade check: one line.</summary>
internal static class UpgradeAnswer
{
    /// <summary>It can.</summary>
    public static ReadOnlySpan<byte> Can => "daemonproxy can resume\n"u8;

    /// <summary>It cannot; a reason follows.</summary>
    public static ReadOnlySpan<byte> Cannot => "daemonproxy cannot resume: "u8;
}

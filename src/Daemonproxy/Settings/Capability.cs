using System;

namespace Daemonproxy.Settings;

/// <summary>The names of capabilities(7), in lower case, with or without <c>cap_</c>.</summary>
internal static class Capability
{
    private const int Count = 41;

    private static ReadOnlySpan<byte> Prefix => "cap_"u8;

    /// <summary>Names separated by commas, as a bit for each; an empty text is none.</summary>
    public static bool TryParseList(ReadOnlySpan<byte> names, out ulong capabilities)
    {
        capabilities = 0;
        while (!names.IsEmpty)
        {
            int comma = names.IndexOf((byte)',');
            ReadOnlySpan<byte> name = comma < 0 ? names : names[..comma];
            int number = NumberOf(name.StartsWith(Prefix) ? name[Prefix.Length..] : name);
            if (number < 0)
            {
                return false;
            }

            capabilities |= 1UL << number;
            names = comma < 0 ? default : names[(comma + 1)..];
        }

        return true;
    }

    private static int NumberOf(ReadOnlySpan<byte> name)
    {
        for (int number = 0; number < Count; number++)
        {
            if (NameOf(number).SequenceEqual(name))
            {
                return number;
            }
        }

        return -1;
    }

    // linux/capability.h.
    private static ReadOnlySpan<byte> NameOf(int number) => number switch
    {
        0 => "chown"u8,
        1 => "dac_override"u8,
        2 => "dac_read_search"u8,
        3 => "fowner"u8,
        4 => "fsetid"u8,
        5 => "kill"u8,
        6 => "setgid"u8,
        7 => "setuid"u8,
        8 => "setpcap"u8,
        9 => "linux_immutable"u8,
        10 => "net_bind_service"u8,
        11 => "net_broadcast"u8,
        12 => "net_admin"u8,
        13 => "net_raw"u8,
        14 => "ipc_lock"u8,
        15 => "ipc_owner"u8,
        16 => "sys_module"u8,
        17 => "sys_rawio"u8,
        18 => "sys_chroot"u8,
        19 => "sys_ptrace"u8,
        20 => "sys_pacct"u8,
        21 => "sys_admin"u8,
        22 => "sys_boot"u8,
        23 => "sys_nice"u8,
        24 => "sys_resource"u8,
        25 => "sys_time"u8,
        26 => "sys_tty_config"u8,
        27 => "mknod"u8,
        28 => "lease"u8,
        29 => "audit_write"u8,
        30 => "audit_control"u8,
        31 => "setfcap"u8,
        32 => "mac_override"u8,
        33 => "mac_admin"u8,
        34 => "syslog"u8,
        35 => "wake_alarm"u8,
        36 => "block_suspend"u8,
        37 => "audit_read"u8,
        38 => "perfmon"u8,
        39 => "bpf"u8,
        _ => "checkpoint_restore"u8,
    };
}

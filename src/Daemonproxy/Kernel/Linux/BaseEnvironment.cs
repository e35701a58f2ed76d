using System;
using System.Runtime.InteropServices;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>The variables of the daemon's environment that concern its services.</summary>
internal static unsafe class BaseEnvironment
{
    /// <summary>
    /// The variables that services get, ended by NULL: all but those that the daemon's own supervisor meant for it
    /// alone. The array itself where it has none of them.
    /// </summary>
    public static byte** ForServices(SystemCalls kernel, byte** variables)
    {
        int count = 0;
        bool isSame = true;
        for (byte** variable = variables; *variable != null; variable++)
        {
            count++;
            isSame &= !IsForDaemon(*variable);
        }

        if (isSame)
        {
            return variables;
        }

        byte** kept = (byte**)kernel.Allocate((count + 1) * sizeof(byte*));
        int at = 0;
        for (byte** variable = variables; *variable != null; variable++)
        {
            if (!IsForDaemon(*variable))
            {
                kept[at++] = *variable;
            }
        }

        kept[at] = null;
        return kept;
    }

    /// <summary>The user that the daemon is.</summary>
    public static uint OwnUser => (uint)geteuid();

    /// <summary>
    /// The directory of notify sockets, ended by NUL: in /run for root, and in XDG_RUNTIME_DIR for other users; null
    /// without one.
    /// </summary>
    public static byte* NotifyDirectory(SystemCalls kernel, byte** variables)
    {
        ReadOnlySpan<byte> name = "XDG_RUNTIME_DIR="u8;
        ReadOnlySpan<byte> parent = OwnUser == 0 ? "/run"u8 : default;
        for (byte** variable = variables; OwnUser != 0 && *variable != null; variable++)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*variable);
            parent = text.StartsWith(name) ? text[name.Length..] : parent;
        }

        Span<byte> room = stackalloc byte[NotifyPaths.MostPath];
        ReadOnlySpan<byte> found = NotifyPaths.DirectoryBelow(parent, room);
        if (found.IsEmpty)
        {
            return null;
        }

        byte* path = (byte*)kernel.Allocate(found.Length + 1);
        found.CopyTo(new Span<byte>(path, found.Length));
        return path;
    }

    private static bool IsForDaemon(byte* variable)
    {
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(variable);
        int equal = text.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equal < 0 ? text : text[..equal];
        return NotifyVariables.IsNotifyVariable(name) || NotifyVariables.IsListenVariable(name);
    }
}

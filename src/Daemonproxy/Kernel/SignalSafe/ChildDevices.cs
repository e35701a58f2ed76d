// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but MountCalls, since errno may be the parent's, too.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Makes a small /dev: the devices that every program may expect, and the terminals, the shared memory and the log
/// socket of the daemon's own /dev. The devices are bound, since a container may not make any; where one is missing, it
/// is made.
/// </summary>
internal static unsafe class ChildDevices
{
    private const int RoomBytes = 64;
    private const int DirectoryMode = 0x1ED;
    private const int DeviceMode = 0x1B6;

    // Names, a NUL behind each, and an empty one at the end; links with what they lead to. Set in Prepare.
    public static byte* Devices;
    public static byte* Links;
    public static byte* Terminals;
    public static byte* SharedMemory;
    public static byte* Log;
    public static byte* Old;
    public static byte* ModeOfAll;
    public static byte* ModeOfSharedMemory;

    // Major and minor numbers in the order of the names, null(4), random(4), tty(4).
    private static int NumberOf(int index) => index switch
    {
        0 => 0x103,
        1 => 0x105,
        2 => 0x107,
        3 => 0x108,
        4 => 0x109,
        _ => 0x500,
    };

    /// <summary>Makes the directory, which becomes a mount of its own.</summary>
    public static nint Make(LaunchSettings* settings, byte* place)
    {
        byte* type = ChildMounts.FileSystem;
        nint result = MountCalls.MakeDirectory(place, DirectoryMode);
        result = result < 0 ? result : MountCalls.Mount(
            type, place, type, MountFlags.NoSetuid | MountFlags.NoPrograms, ModeOfAll);
        byte* name = Devices;
        for (int index = 0; *name != 0 && result >= 0; index++, name = After(name))
        {
            settings->Subject = name;
            result = MakeDevice(place, name, NumberOf(index));
        }

        result = result < 0 ? result : BindDirectory(place, Terminals);
        result = result < 0 ? result : BindDirectory(place, SharedMemory);
        if (result == -(int)Errno.ENOENT)
        {
            byte* shared = stackalloc byte[RoomBytes];
            Compose(shared, place, SharedMemory);
            result = MountCalls.Mount(
                type, shared, type, MountFlags.NoSetuid | MountFlags.NoDevices, ModeOfSharedMemory);
        }

        return result < 0 ? result : MakeLinks(place);
    }

    /// <summary>Copies a text and its NUL, and returns where the NUL is.</summary>
    public static byte* Append(byte* at, byte* text)
    {
        while (*text != 0)
        {
            *at++ = *text++;
        }

        *at = 0;
        return at;
    }

    private static nint MakeDevice(byte* place, byte* name, int number)
    {
        byte* from = stackalloc byte[RoomBytes];
        byte* to = stackalloc byte[RoomBytes];
        Compose(from, Old, name);
        Compose(to, place, name);
        Tmds.Linux.stat status;
        if (ChildMounts.IsMissing(MountCalls.Examine(from, &status)))
        {
            return MountCalls.MakeNode(to, MountCalls.CharacterDevice | DeviceMode, number);
        }

        nint result = MountCalls.MakeNode(to, MountCalls.RegularFile, 0);
        return result < 0 ? result : MountCalls.Mount(from, to, null, MountFlags.Bind, null);
    }

    private static nint BindDirectory(byte* place, byte* name)
    {
        byte* from = stackalloc byte[RoomBytes];
        byte* to = stackalloc byte[RoomBytes];
        Compose(from, Old, name);
        Compose(to, place, name);
        nint result = MountCalls.MakeDirectory(to, DirectoryMode);
        return result < 0 ? result : MountCalls.Mount(from, to, null, MountFlags.Bind | MountFlags.Tree, null);
    }

    // A system without a log socket has none in the small directory, too.
    private static nint MakeLinks(byte* place)
    {
        byte* from = stackalloc byte[RoomBytes];
        byte* to = stackalloc byte[RoomBytes];
        Compose(from, Old, Log);
        Compose(to, place, Log);
        Tmds.Linux.stat status;
        nint result = 0;
        if (MountCalls.Examine(from, &status) >= 0)
        {
            result = MountCalls.MakeNode(to, MountCalls.RegularFile, 0);
            result = result < 0 ? result : MountCalls.Mount(from, to, null, MountFlags.Bind, null);
        }

        for (byte* name = Links; *name != 0 && result >= 0; name = After(After(name)))
        {
            Compose(to, place, name);
            result = MountCalls.MakeLink(After(name), to);
        }

        return result;
    }

    private static void Compose(byte* room, byte* directory, byte* name)
    {
        byte* at = Append(room, directory);
        *at++ = (byte)'/';
        Append(at, name);
    }

    private static byte* After(byte* text)
    {
        while (*text != 0)
        {
            text++;
        }

        return text + 1;
    }
}

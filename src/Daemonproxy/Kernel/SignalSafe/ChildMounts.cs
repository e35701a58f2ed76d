// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but RawCalls and MountCalls, since errno may be the parent's, too.
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Gives a child a mount namespace of its own, mount_namespaces(7). Mounts of other namespaces still appear in it.
/// </summary>
/// <remarks>
/// Sources of <c>bind</c> are first bound into a workshop: a file system in memory, mounted over the root, to which
/// only the path <c>/..</c> leads. So they are unchanged by any other word. Then the words are applied from short paths
/// to long ones, so that the longer path takes precedence.
/// </remarks>
internal static unsafe class ChildMounts
{
    private const int DirectoryMode = 0x1ED;
    private const int DigitsOfNumber = 10;

    // The content of the workshop: for each word a place "/../wINDEX", and an unreadable file.
    private const int NameBytes = 24;

    // Set in Prepare.
    public static byte* FileSystem;
    public static byte* Workshop;
    public static byte* NoMode;
    public static byte* UserOption;
    public static byte* GroupOption;
    public static byte* HiddenFile;

    public static Errno SetMounts(LaunchSettings* settings, byte* scratch, int bytes)
    {
        // The modes are as they are given here. The service's own mask is set later.
        RawCalls.SetUmask(0);
        nint result = MountCalls.Unshare();
        if (result >= 0)
        {
            settings->Subject = RawPathCalls.Root;
            result = MountCalls.Mount(null, RawPathCalls.Root, null, MountFlags.Slave | MountFlags.Tree, null);
        }

        bool usesWorkshop = UsesWorkshop(settings);
        result = result >= 0 && usesWorkshop ? OpenWorkshop(settings) : result;
        for (int index = 0; index < settings->MountCount && result >= 0; index++)
        {
            result = Place(settings, index, scratch, bytes);
        }

        if (result >= 0 && usesWorkshop)
        {
            settings->Subject = RawPathCalls.Root;
            result = MountCalls.Detach(Workshop);
        }

        if (result >= 0)
        {
            FindDirectory(scratch, bytes);
        }

        return RawCalls.ReasonOf(result);
    }

    /// <summary>True if an error says that a path is not there.</summary>
    public static bool IsMissing(nint result) => result is -(int)Errno.ENOENT or -(int)Errno.ENOTDIR;

    // A place that was covered is not where its path leads any more.
    private static void FindDirectory(byte* scratch, int bytes)
    {
        if (MountCalls.CurrentDirectory(scratch, bytes) < 0 || RawCalls.SetDirectory(scratch) < 0)
        {
            RawCalls.SetDirectory(RawPathCalls.Root);
        }
    }

    private static bool UsesWorkshop(LaunchSettings* settings)
    {
        bool uses = false;
        for (int index = 0; index < settings->MountCount; index++)
        {
            uses |= settings->Mounts[index].Kind is MountKind.Bind or MountKind.Devices or MountKind.Hidden;
        }

        return uses;
    }

    private static nint OpenWorkshop(LaunchSettings* settings)
    {
        nint result = MountCalls.Mount(FileSystem, RawPathCalls.Root, FileSystem, MountFlags.NoSetuid, null);
        result = result < 0 ? result : MountCalls.MakeNode(HiddenFile, MountCalls.RegularFile, 0);
        byte* place = stackalloc byte[NameBytes];
        for (int index = 0; index < settings->MountCount && result >= 0; index++)
        {
            LaunchMount* mount = settings->Mounts + index;
            settings->Subject = mount->Text;
            NamePlace(place, index);
            if (mount->Kind == MountKind.Devices)
            {
                result = ChildDevices.Make(settings, place);
            }
            else if (mount->Kind == MountKind.Bind)
            {
                result = Bind(mount->From, place);
                mount->IsLeftOut = mount->MayBeMissing && IsMissing(result);
                result = mount->IsLeftOut ? 0 : result;
            }
        }

        return result;
    }

    private static nint Bind(byte* from, byte* place)
    {
        stat status;
        nint result = MountCalls.Examine(from, &status);
        if (result >= 0)
        {
            result = Make(place, IsDirectory(&status));
        }

        return result < 0 ? result : MountCalls.Mount(from, place, null, MountFlags.Bind | MountFlags.Tree, null);
    }

    private static nint Make(byte* path, bool isDirectory) => isDirectory
        ? MountCalls.MakeDirectory(path, DirectoryMode)
        : MountCalls.MakeNode(path, MountCalls.RegularFile | 0x1A4, 0);

    private static nint Place(LaunchSettings* settings, int index, byte* scratch, int bytes)
    {
        LaunchMount* mount = settings->Mounts + index;
        settings->Subject = mount->Text;
        byte* place = stackalloc byte[NameBytes];
        NamePlace(place, index);
        nint result = mount->IsLeftOut ? 0 : mount->Kind switch
        {
            MountKind.Empty => PlaceEmpty(mount->Path),
            MountKind.Hidden => Hide(mount->Path),
            MountKind.Devices => MountCalls.Mount(place, mount->Path, null, MountFlags.Move, null),
            MountKind.Bind => PlaceBind(settings, index, place),
            _ => MountWritability.SetReadOnly(mount->Path, mount->Kind == MountKind.ReadOnly, scratch, bytes),
        };
        return mount->MayBeMissing && IsMissing(result) ? 0 : result;
    }

    // With the mode and the owner of what is covered: the sticky /tmp stays one that all can use.
    private static nint PlaceEmpty(byte* path)
    {
        stat status;
        nint result = MountCalls.Examine(path, &status);
        if (result < 0)
        {
            return result;
        }

        byte* options = stackalloc byte[64];
        byte* at = ChildDevices.Append(options, NoMode);
        at = AppendNumber(at - 1, (uint)status.st_mode & 0xFFF, 8);
        at = AppendNumber(ChildDevices.Append(at, UserOption), (uint)status.st_uid, 10);
        at = AppendNumber(ChildDevices.Append(at, GroupOption), (uint)status.st_gid, 10);
        *at = 0;
        return MountCalls.Mount(
            FileSystem, path, FileSystem, MountFlags.NoSetuid | MountFlags.NoDevices, options);
    }

    private static byte* AppendNumber(byte* at, uint number, uint digits)
    {
        byte* reversed = stackalloc byte[DigitsOfNumber + 1];
        int length = 0;
        do
        {
            reversed[length++] = (byte)('0' + (number % digits));
            number /= digits;
        }
        while (number > 0);

        while (length > 0)
        {
            *at++ = reversed[--length];
        }

        return at;
    }

    private static nint Hide(byte* path)
    {
        const MountFlags Nothing =
            MountFlags.ReadOnly | MountFlags.NoSetuid | MountFlags.NoDevices | MountFlags.NoPrograms;
        stat status;
        nint result = MountCalls.Examine(path, &status);
        if (result < 0 || IsDirectory(&status))
        {
            return result < 0 ? result : MountCalls.Mount(FileSystem, path, FileSystem, Nothing, NoMode);
        }

        result = MountCalls.Mount(HiddenFile, path, null, MountFlags.Bind, null);
        return result < 0 ? result : MountCalls.Mount(
            null, path, null, Nothing | MountFlags.Remount | MountFlags.Bind, null);
    }

    private static nint PlaceBind(LaunchSettings* settings, int index, byte* place)
    {
        byte* path = settings->Mounts[index].Path;
        nint result = MountCalls.Mount(place, path, null, MountFlags.Move, null);
        byte* made = EmptyAbove(settings, index);
        if (result != -(int)Errno.ENOENT || made == null)
        {
            return result;
        }

        MakeParents(path, made);
        stat status;
        result = MountCalls.Examine(place, &status);
        result = result < 0 ? result : Make(path, IsDirectory(&status));
        return result < 0 ? result : MountCalls.Mount(place, path, null, MountFlags.Move, null);
    }

    // Where the path goes on behind an empty directory that was made for this service: nothing can be there, so what
    // is missing is made. Null when it lies nowhere below one.
    private static byte* EmptyAbove(LaunchSettings* settings, int index)
    {
        byte* found = null;
        for (int before = 0; before < index; before++)
        {
            byte* path = settings->Mounts[index].Path;
            byte* above = settings->Mounts[before].Path;
            while (*above != 0 && *above == *path)
            {
                above++;
                path++;
            }

            bool isAbove = *above == 0 && *path == (byte)'/';
            found = !isAbove ? found : settings->Mounts[before].Kind == MountKind.Empty ? path : null;
        }

        return found;
    }

    // The parts of a path up to the last one, from a slash in it on; what fails, the next step tells.
    private static void MakeParents(byte* path, byte* slash)
    {
        for (byte* at = slash + 1; *at != 0; at++)
        {
            if (*at == (byte)'/')
            {
                *at = 0;
                MountCalls.MakeDirectory(path, DirectoryMode);
                *at = (byte)'/';
            }
        }
    }

    private static bool IsDirectory(stat* status) => (uint)status->st_mode >> 12 == 4;

    private static void NamePlace(byte* place, int index)
    {
        byte* at = ChildDevices.Append(place, Workshop);
        *at++ = (byte)'/';
        *at++ = (byte)'w';
        *AppendNumber(at, (uint)index, 10) = 0;
    }
}

// Runs in a helper, which is a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and
// it calls nothing but RawCalls and MountCalls.
using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Makes a control group for one run of a service, cgroups(7): finds the daemon's own group, moves the daemon into a
/// leaf below it, enables the controllers that the words ask for, makes the group and writes its files.
/// </summary>
internal static unsafe class CgroupMaker
{
    private const int MostAttempts = 16;
    private const int EnabledBytes = 512;

    // Set in Prepare.
    public static byte* Controllers;
    public static byte* Procs;
    public static byte* Self;
    public static byte* Leaf;
    public static byte* Nothing;
    public static byte* Core;

    /// <summary>
    /// Does it. The descriptor is that of the group; on failure the room has what it failed on, and the group is gone.
    /// </summary>
    public static Errno Run(GroupPlan* plan, out FdNumber fd)
    {
        fd = FdNumber.None;
        byte* subject = null;
        CgroupDirectory path = default;
        path.Begin(plan->Room, GroupPlan.PathBytes);
        CgroupPlace place = default;
        nint result = place.Find(ref path, plan);
        if (result >= 0)
        {
            result = Descend(ref path, plan, place, &subject);
        }

        if (result >= 0)
        {
            result = MakeGroup(ref path, plan, &subject);
        }

        if (result < 0 && subject != null)
        {
            path.Cut(0);
            path.Append(subject);
        }

        fd = FdNumber.Of((int)result);
        return RawCalls.ReasonOf(result);
    }

    // From the daemon's group, or from the root of the file system, to the group in which that of the run is made. Each
    // group on the way has the controllers for those below it.
    private static nint Descend(ref CgroupDirectory path, GroupPlan* plan, in CgroupPlace place, byte** subject)
    {
        byte* at = plan->Words;
        bool isInOwn = place.Contains(path, at);
        nint result = isInOwn && !place.IsInLeaf ? DaemonCgroup.MoveDaemon(ref path, plan) : 0;
        if (result < 0)
        {
            return result;
        }

        path.Cut(*at == (byte)'/' ? place.Top : place.Own);
        at += *at == (byte)'/' ? 1 : 0;
        while (true)
        {
            result = Enable(ref path, plan, isInOwn && path.Length == place.Own, subject);
            if (result < 0 || *at == 0)
            {
                return result;
            }

            path.AppendPart(at, (byte)'/');
            result = path.MakeDirectory();
            if (result < 0 && result != -(int)Errno.EEXIST)
            {
                return result;
            }

            while (*at != 0 && *at++ != (byte)'/')
            {
            }
        }
    }

    // For the groups below: each controller that a word asks for by what its file begins with.
    private static nint Enable(ref CgroupDirectory path, GroupPlan* plan, bool isOwn, byte** subject)
    {
        byte* order = plan->Room + GroupPlan.PathBytes;
        byte* enabled = order + GroupPlan.PathBytes;
        for (byte* word = After(plan->Words); *word != 0; word = After(word))
        {
            int length = 0;
            order[length++] = (byte)'+';
            for (byte* at = word; *at != (byte)'.' && *at != (byte)'='; at++)
            {
                order[length++] = *at;
            }

            order[length] = 0;
            if (CgroupDirectory.IsSame(order + 1, Core)
                || (path.Read(Controllers, enabled, EnabledBytes) > 0 && HasWord(enabled, order + 1)))
            {
                continue;
            }

            nint result = path.Write(Controllers, order);
            if (result == -(int)Errno.EBUSY && isOwn && DaemonCgroup.MoveOthers(ref path, plan))
            {
                result = path.Write(Controllers, order);
            }

            if (result < 0)
            {
                *subject = order;
                return result;
            }
        }

        return 0;
    }

    private static nint MakeGroup(ref CgroupDirectory path, GroupPlan* plan, byte** subject)
    {
        int length = path.Length;
        byte* name = plan->Room + GroupPlan.PathBytes;
        WriteName(name, plan->Service);
        CgroupTree.RemoveFormer(ref path, name);
        nint result = -(int)Errno.EEXIST;
        for (int attempt = 0; attempt < MostAttempts && result == -(int)Errno.EEXIST; attempt++)
        {
            path.Cut(length);
            path.AppendPart(name);
            path.AppendNumber(plan->Number + attempt);
            result = path.MakeDirectory();
        }

        if (result < 0)
        {
            return result;
        }

        for (byte* word = After(plan->Words); *word != 0 && result >= 0; word = After(word))
        {
            *subject = word;
            result = WriteFile(ref path, word);
        }

        if (result >= 0)
        {
            *subject = null;
            result = path.Open(Nothing);
        }

        if (result < 0)
        {
            path.Remove();
        }

        return result;
    }

    // FILE=VALUE.
    private static nint WriteFile(ref CgroupDirectory path, byte* word)
    {
        byte* value = word;
        while (*value != (byte)'=')
        {
            value++;
        }

        *value = 0;
        nint result = path.Write(word, value + 1);
        *value = (byte)'=';
        return result;
    }

    private static void WriteName(byte* at, in FixedName service)
    {
        ReadOnlySpan<byte> name = service.Value.Bytes;
        for (int index = 0; index < name.Length; index++)
        {
            *at++ = name[index];
        }

        *at++ = (byte)'.';
        *at = 0;
    }

    // Words with a space between them, and a newline at the end.
    private static bool HasWord(byte* text, byte* word)
    {
        while (*text != 0)
        {
            byte* wanted = word;
            for (; *wanted != 0 && *wanted == *text; text++)
            {
                wanted++;
            }

            if (*wanted == 0 && *text is 0 or (byte)' ' or (byte)'\n')
            {
                return true;
            }

            while (*text != 0 && *text++ != (byte)' ')
            {
            }
        }

        return false;
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

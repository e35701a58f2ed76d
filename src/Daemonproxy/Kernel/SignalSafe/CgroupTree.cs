// Runs in a helper, which is a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and
// it calls nothing but RawCalls.
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Looks at the control group of a run: whether a process is left in it, wherever it has gone; sends them signals; and
/// removes the group when it is empty.
/// </summary>
internal static unsafe class CgroupTree
{
    // Of the groups that a service makes below its own.
    private const int MostDepth = 8;
    private const int EntriesBytes = 1024;
    private const int TextBytes = 1024;
    private const int NameBytes = 64;
    private const int NumberBytes = 16;
    private const int NameAt = 19;
    private const int LengthAt = 16;
    private const int TypeAt = 18;
    private const byte DirectoryType = 4;

    // Set in Prepare.
    public static byte* Events;
    public static byte* Empty;
    public static byte* Kill;
    public static byte* Yes;
    public static byte* CgroupFile;

    /// <summary>
    /// Looks at one group, and sends the signal of the entry to its processes. When the leader has ended and the group
    /// is empty, removes it; otherwise watches it, so that the daemon is notified when it is empty.
    /// </summary>
    public static void Look(ProcessScanTarget* tree, FdNumber watch)
    {
        byte* room = stackalloc byte[GroupPlan.PathBytes];
        CgroupDirectory path = default;
        path.Begin(room, GroupPlan.PathBytes);
        path.Append(tree->Group);
        byte* name = stackalloc byte[NameBytes];
        CgroupDirectory copy = default;
        copy.Begin(name, NameBytes);
        copy.AppendPart(path.LastPart());
        if (tree->Signal != 0 && !(tree->Signal == Signal.SIGKILL && path.Write(Kill, Yes) >= 0))
        {
            // cgroup.kill is there since Linux 5.14.
            SendAll(ref path, name, tree->Signal, 0);
        }

        byte* text = stackalloc byte[TextBytes];
        nint count = path.Read(Events, text, TextBytes);
        if (tree->IsLeaderGone && !watch.IsNone && count > 0 && CgroupDirectory.Find(text, Empty) == null)
        {
            // Its last process may have ended before it was watched.
            path.Watch(Events, watch);
            count = path.Read(Events, text, TextBytes);
        }

        bool isGone = ChildMounts.IsMissing(count) || count == -(int)Errno.ENODEV;
        bool isEmpty = count > 0 && CgroupDirectory.Find(text, Empty) != null;
        tree->Found = isGone || isEmpty ? 0 : 1;
        if (tree->IsLeaderGone && isEmpty)
        {
            // The kernel needs a moment after the last process has ended.
            tree->Found = Remove(ref path, 0) == -(int)Errno.EBUSY ? 1 : 0;
        }
    }

    /// <summary>
    /// Removes the empty groups of a name and a number, which were made for runs that never began, or for those of a
    /// daemon that was killed.
    /// </summary>
    public static void RemoveFormer(ref CgroupDirectory path, byte* name)
    {
        byte* entries = stackalloc byte[EntriesBytes];
        int length = path.Length;
        int directory = path.Open(CgroupMaker.Nothing);
        nint count = directory < 0 ? 0 : RawCalls.ReadDirectory(directory, entries, EntriesBytes);
        while (count > 0)
        {
            for (nint at = 0; at < count; at += *(ushort*)(entries + at + LengthAt))
            {
                byte* found = entries + at + NameAt;
                if (IsGroup(entries + at) && IsNumbered(found, name))
                {
                    path.AppendPart(found);
                    path.Remove();
                    path.Cut(length);
                }
            }

            count = RawCalls.ReadDirectory(directory, entries, EntriesBytes);
        }

        if (directory >= 0)
        {
            RawCalls.Close(directory);
        }
    }

    private static bool IsNumbered(byte* text, byte* name)
    {
        bool isNamed = CgroupDirectory.BeginsWith(text, name);
        while (isNamed && *name != 0)
        {
            name++;
            text++;
        }

        while (isNamed && *text is >= (byte)'0' and <= (byte)'9')
        {
            text++;
        }

        return isNamed && *text == 0;
    }

    private static void SendAll(ref CgroupDirectory path, byte* name, int signal, int depth)
    {
        SendToMembers(ref path, name, signal);
        if (depth < MostDepth)
        {
            VisitGroups(ref path, name, signal, depth + 1);
        }
    }

    private static nint Remove(ref CgroupDirectory path, int depth)
    {
        nint result = path.Remove();
        if (result != -(int)Errno.EBUSY || depth == MostDepth)
        {
            return ChildMounts.IsMissing(result) ? 0 : result;
        }

        VisitGroups(ref path, null, 0, depth + 1);
        return path.Remove();
    }

    // The groups in this one: sends all their processes a signal, or, without a name, removes them.
    private static void VisitGroups(ref CgroupDirectory path, byte* name, int signal, int depth)
    {
        byte* entries = stackalloc byte[EntriesBytes];
        int length = path.Length;
        int directory = path.Open(CgroupMaker.Nothing);
        nint count = directory < 0 ? 0 : RawCalls.ReadDirectory(directory, entries, EntriesBytes);
        while (count > 0)
        {
            for (nint at = 0; at < count; at += *(ushort*)(entries + at + LengthAt))
            {
                if (!IsGroup(entries + at))
                {
                    continue;
                }

                path.AppendPart(entries + at + NameAt);
                if (name == null)
                {
                    Remove(ref path, depth);
                }
                else
                {
                    SendAll(ref path, name, signal, depth);
                }

                path.Cut(length);
            }

            count = RawCalls.ReadDirectory(directory, entries, EntriesBytes);
        }

        if (directory >= 0)
        {
            RawCalls.Close(directory);
        }
    }

    private static bool IsGroup(byte* entry) => entry[TypeAt] == DirectoryType && entry[NameAt] != (byte)'.';

    private static void SendToMembers(ref CgroupDirectory path, byte* name, int signal)
    {
        byte* buffer = stackalloc byte[TextBytes];
        byte* line = stackalloc byte[NumberBytes];
        int length = path.Length;
        path.AppendPart(CgroupMaker.Procs);
        ByteReader file = default;
        file.Open(path.Text, buffer, TextBytes);
        path.Cut(length);
        while (file.ReadLine(line, NumberBytes - 1) != ByteReader.End)
        {
            byte* at = line;
            Send(CgroupDirectory.ReadNumber(&at), line, name, signal);
        }

        file.Close();
    }

    // By a descriptor of the process, so that its number cannot become another process's in between; without such
    // descriptors, before Linux 5.3, by its number. A process outside of our PID namespace has the number 0.
    private static void Send(int pid, byte* number, byte* name, int signal)
    {
        int process = pid > 0 ? RawCalls.OpenProcess(pid) : -(int)Errno.ESRCH;
        if (process < 0)
        {
            _ = process == -(int)Errno.ENOSYS ? RawCalls.Kill(pid, signal) : 0;
            return;
        }

        byte* room = stackalloc byte[TextBytes];
        CgroupDirectory path = default;
        path.Begin(room, TextBytes);
        path.Append(DaemonCgroup.ProcSlash);
        path.Append(number);
        byte* text = stackalloc byte[TextBytes];
        if (path.Read(CgroupFile, text, TextBytes) > 0 && CgroupDirectory.Find(text, name) != null)
        {
            RawCalls.SignalProcess(process, signal);
        }

        RawCalls.Close(process);
    }
}

// Runs in a helper, which is a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and
// it calls nothing but RawCalls.
using Daemonproxy.Protocol;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Finds the processes of sessions in /proc, proc_pid_stat(5), and sends them signals. The kernel does not notify
/// anyone when a session is empty.
/// </summary>
internal static unsafe class ProcessScan
{
    // The size of a buffer for getdents64(2), and of the beginning of a stat file: the name has at most 64 bytes.
    private const int EntriesBytes = 4096;
    private const int StatBytes = 256;
    private const int NameAt = 19;
    private const int LengthAt = 16;

    // Set in Prepare.
    public static byte* Proc;

    public static Errno Run(ProcessScanPlan* plan)
    {
        bool hasSession = false;
        for (int index = 0; index < plan->Count; index++)
        {
            ProcessScanTarget* tree = Entry(plan, index);
            tree->Found = 0;
            tree->IsReused = false;
            hasSession |= tree->Group == null;
            if (tree->Group != null)
            {
                CgroupTree.Look(tree, plan->Watch);
            }
        }

        if (!hasSession)
        {
            return Errno.None;
        }

        int directory = RawCalls.OpenToRead(Proc);
        if (directory < 0)
        {
            return (Errno)(-directory);
        }

        byte* entries = stackalloc byte[EntriesBytes];
        nint count = RawCalls.ReadDirectory(directory, entries, EntriesBytes);
        while (count > 0)
        {
            for (nint at = 0; at < count; at += *(ushort*)(entries + at + LengthAt))
            {
                Visit(plan, directory, entries + at + NameAt);
            }

            count = RawCalls.ReadDirectory(directory, entries, EntriesBytes);
        }

        RawCalls.Close(directory);
        return count < 0 ? (Errno)(-count) : Errno.None;
    }

    private static void Visit(ProcessScanPlan* plan, int directory, byte* name)
    {
        int pid = 0;
        int length = 0;
        for (; name[length] is >= (byte)'0' and <= (byte)'9' && length < 10; length++)
        {
            pid = (pid * 10) + name[length] - '0';
        }

        if (length == 0 || name[length] != 0 || !TryReadSession(directory, name, length, out int session))
        {
            return;
        }

        for (int index = 0; index < plan->Count; index++)
        {
            ProcessScanTarget* tree = Entry(plan, index);
            if (tree->Group != null || tree->Session.Value != session)
            {
                continue;
            }

            tree->IsReused |= tree->IsLeaderGone && pid == session;
            tree->Found++;
            if (tree->Signal != 0 && !tree->IsReused)
            {
                Send(directory, name, length, pid, session, tree->Signal);
            }
        }
    }

    // By a descriptor of the process, so that its number cannot become another process's in between; without such
    // descriptors, before Linux 5.3, by its number.
    private static void Send(int directory, byte* name, int length, int pid, int session, int signal)
    {
        int process = RawCalls.OpenProcess(pid);
        if (process < 0)
        {
            _ = process == -ENOSYS ? RawCalls.Kill(pid, signal) : 0;
            return;
        }

        if (TryReadSession(directory, name, length, out int now) && now == session)
        {
            RawCalls.SignalProcess(process, signal);
        }

        RawCalls.Close(process);
    }

    // PID (NAME) STATE PARENT GROUP SESSION; the name can have anything in it.
    private static bool TryReadSession(int directory, byte* name, int length, out int session)
    {
        session = 0;
        byte* path = stackalloc byte[24];
        for (int i = 0; i < length; i++)
        {
            path[i] = name[i];
        }

        path[length] = (byte)'/';
        path[length + 1] = (byte)'s';
        path[length + 2] = (byte)'t';
        path[length + 3] = (byte)'a';
        path[length + 4] = (byte)'t';
        path[length + 5] = 0;
        byte* text = stackalloc byte[StatBytes];
        int fd = RawCalls.OpenToReadAt(directory, path);
        nint count = fd < 0 ? -1 : RawCalls.ReadAt(fd, text, StatBytes - 1, 0);
        if (fd >= 0)
        {
            RawCalls.Close(fd);
        }

        if (count <= 0)
        {
            return false;
        }

        text[count] = 0;
        byte* at = text + count;
        while (at > text && *at != ')')
        {
            at--;
        }

        return at > text && at + 2 < text + count && at[2] is not ((byte)'Z' or (byte)'X')
            && TryThirdNumber(at + 3, out session);
    }

    private static bool TryThirdNumber(byte* at, out int number)
    {
        number = 0;
        for (int field = 0; field < 3; field++)
        {
            number = 0;
            if (*at++ != ' ')
            {
                return false;
            }

            for (; *at is (>= (byte)'0' and <= (byte)'9') or (byte)'-'; at++)
            {
                number = *at == '-' ? number : (number * 10) + *at - '0';
            }
        }

        return *at == ' ';
    }

    private static ProcessScanTarget* Entry(ProcessScanPlan* plan, int index) =>
        (ProcessScanTarget*)&plan->Entries + index;
}

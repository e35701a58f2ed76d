// Runs in a helper, which is a cloned child: the conditions in SignalSafeCalls.cs hold for all of this file, and
// it calls nothing but RawCalls.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// The mount point of the file system cgroup2, which differs beside one of version 1, and the daemon's own group in it.
/// </summary>
internal unsafe struct CgroupPlace
{
    private const int OwnLineBytes = 3;

    // Set in Prepare.
    public static byte* GroupFile;
    public static byte* OwnLine;
    public static byte* TypeMark;
    public static byte* TypeName;

    /// <summary>The length of the path at which the file system is mounted, without a slash at its end.</summary>
    public int Top;

    /// <summary>The length of the path of the daemon's group; not that of its leaf.</summary>
    public int Own;

    /// <summary>True if the daemon is in its leaf.</summary>
    public bool IsInLeaf;

    /// <summary>Sets the path to the daemon's own group.</summary>
    public nint Find(ref CgroupDirectory path, GroupPlan* plan)
    {
        byte* group = plan->Room + GroupPlan.PathBytes;
        byte* line = group + GroupPlan.PathBytes;
        byte* buffer = line + GroupPlan.PathBytes;
        nint result = FindGroup(group, line, buffer);
        result = result < 0 ? result : FindMount(ref path, &group, line, buffer);
        if (result < 0)
        {
            path.Cut(0);
            path.Append(TypeName);
            return result;
        }

        Top = path.Length;
        path.Append(group);
        byte* last = path.LastPart();
        IsInLeaf = plan->HasLeaf && CgroupDirectory.IsSame(last, CgroupMaker.Leaf);
        if (IsInLeaf)
        {
            path.Cut((int)(last - path.Text) - 1);
        }

        Own = path.Length;
        return 0;
    }

    /// <summary>
    /// True if a path of <c>service.cgroup</c> is below the daemon's own group, to which the path leads.
    /// </summary>
    public readonly bool Contains(in CgroupDirectory path, byte* wanted)
    {
        if (*wanted != (byte)'/')
        {
            return true;
        }

        byte* at = path.Text + Top;
        while (*at != 0 && *at == *wanted)
        {
            at++;
            wanted++;
        }

        return *at == 0 && (Top == Own || *wanted is (byte)'/' or 0);
    }

    // The line that begins with "0::", cgroups(7).
    private static nint FindGroup(byte* group, byte* line, byte* buffer)
    {
        ByteReader file = default;
        file.Open(GroupFile, buffer, GroupPlan.PathBytes);
        bool isFound = false;
        while (!isFound && file.ReadLine(line, GroupPlan.PathBytes - 1) != ByteReader.End)
        {
            isFound = CgroupDirectory.BeginsWith(line, OwnLine);
        }

        file.Close();
        ChildDevices.Append(group, isFound ? line + OwnLineBytes : line);
        return isFound ? 0 : -(int)(file.Reason == Errno.None ? Errno.ENODEV : file.Reason);
    }

    // The first mount in which the group can be seen. The group becomes what is behind the root of the mount: empty, or
    // with a slash before it.
    private static nint FindMount(ref CgroupDirectory path, byte** group, byte* line, byte* buffer)
    {
        ByteReader file = default;
        file.Open(MountInfoLine.File, buffer, GroupPlan.PathBytes);
        bool isFound = false;
        while (!isFound && file.ReadLine(line, GroupPlan.PathBytes - 1) != ByteReader.End)
        {
            if (CgroupDirectory.Find(line, TypeMark) != null)
            {
                // The later field first: what ends it is written over.
                byte* mount = MountInfoLine.Field(line, MountInfoLine.Place);
                byte* root = MountInfoLine.Field(line, MountInfoLine.Root);
                byte* behind = root[1] == 0 ? *group : Behind(*group, root);
                isFound = behind != null;
                path.Cut(0);
                path.Append(mount[1] == 0 ? mount + 1 : mount);
                *group = isFound ? behind : *group;
            }
        }

        file.Close();
        *group += isFound && (*group)[0] == (byte)'/' && (*group)[1] == 0 ? 1 : 0;
        return isFound ? 0 : -(int)(file.Reason == Errno.None ? Errno.ENODEV : file.Reason);
    }

    private static byte* Behind(byte* group, byte* root)
    {
        while (*root != 0 && *root == *group)
        {
            root++;
            group++;
        }

        return *root == 0 && *group is 0 or (byte)'/' ? group : null;
    }
}

// Runs in a cloned child that has memory of its own: the conditions in SignalSafeCalls.cs hold for all of this
// file, and it calls nothing but RawCalls: the functions of glibc change the credentials of all threads, nptl(7).
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The steps by which a child gives up rights: groups, user, capabilities(7), no_new_privs.</summary>
internal static unsafe class ChildCredentials
{
    private const int PR_SET_KEEPCAPS = 8;
    private const int PR_CAPBSET_READ = 23;
    private const int PR_CAPBSET_DROP = 24;
    private const int PR_SET_NO_NEW_PRIVS = 38;
    private const int PR_CAP_AMBIENT = 47;
    private const int PR_CAP_AMBIENT_RAISE = 2;
    private const int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private const uint CapabilityVersion3 = 0x20080522;

    /// <summary>setgroups(2) and setresgid(2), with the numbers that the step Account found.</summary>
    public static Errno SetGroups(LaunchSettings* settings)
    {
        nint result = RawCalls.SetGroups(settings->GroupIds, settings->GroupIdCount);
        return RawCalls.ReasonOf(result < 0 ? result : RawCalls.SetGroup(settings->GroupId));
    }

    /// <summary>setresuid(2). Capabilities that are kept stay permitted; step Caps makes them effective.</summary>
    public static Errno SetUser(LaunchSettings* settings)
    {
        settings->Subject = settings->User;
        nint result = settings->KeepsCapabilities ? RawCalls.Control(PR_SET_KEEPCAPS, 1, 0) : 0;
        return RawCalls.ReasonOf(result < 0 ? result : RawCalls.SetUser(settings->UserId));
    }

    /// <summary>
    /// Cuts the bounding set to the kept capabilities, and makes these permitted, effective, inheritable and ambient:
    /// so a program without file capabilities has them, and can gain no others.
    /// </summary>
    public static Errno SetCapabilities(LaunchSettings* settings)
    {
        ulong kept = settings->Capabilities;
        CapabilitySets now = default;
        nint result = Get(&now);
        if (result < 0)
        {
            return RawCalls.ReasonOf(result);
        }

        // Dropping from the bounding set needs CAP_SETPCAP, which is permitted still.
        now.Effective = now.Permitted;
        result = Set(&now);
        for (int number = 0; result >= 0 && RawCalls.Control(PR_CAPBSET_READ, number, 0) is var has and >= 0; number++)
        {
            bool isKept = number < 64 && ((kept >> number) & 1) != 0;
            result = has == 0 || isKept ? 0 : RawCalls.Control(PR_CAPBSET_DROP, number, 0);
        }

        if (result < 0)
        {
            return RawCalls.ReasonOf(result);
        }

        CapabilitySets rest;
        rest.Effective = kept;
        rest.Permitted = kept;
        rest.Inheritable = kept;
        result = Set(&rest);
        if (result >= 0)
        {
            result = RawCalls.Control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
        }

        for (int number = 0; result >= 0 && number < 64; number++)
        {
            result = ((kept >> number) & 1) == 0 ? 0 : RawCalls.Control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number);
        }

        return RawCalls.ReasonOf(result);
    }

    public static Errno ForbidNewPrivileges() => RawCalls.ReasonOf(RawCalls.Control(PR_SET_NO_NEW_PRIVS, 1, 0));

    private static nint Get(CapabilitySets* sets)
    {
        CapabilityHeader header;
        header.Version = CapabilityVersion3;
        header.Pid = 0;
        CapabilityData* data = stackalloc CapabilityData[2];
        nint result = RawCalls.GetCapabilities(&header, data);
        sets->Effective = data[0].Effective | ((ulong)data[1].Effective << 32);
        sets->Permitted = data[0].Permitted | ((ulong)data[1].Permitted << 32);
        sets->Inheritable = data[0].Inheritable | ((ulong)data[1].Inheritable << 32);
        return result;
    }

    private static nint Set(CapabilitySets* sets)
    {
        CapabilityHeader header;
        header.Version = CapabilityVersion3;
        header.Pid = 0;
        CapabilityData* data = stackalloc CapabilityData[2];
        data[0].Effective = (uint)sets->Effective;
        data[0].Permitted = (uint)sets->Permitted;
        data[0].Inheritable = (uint)sets->Inheritable;
        data[1].Effective = (uint)(sets->Effective >> 32);
        data[1].Permitted = (uint)(sets->Permitted >> 32);
        data[1].Inheritable = (uint)(sets->Inheritable >> 32);
        return RawCalls.SetCapabilities(&header, data);
    }

    // The structures of capset(2).
    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilityHeader
    {
        public uint Version;
        public int Pid;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct CapabilityData
    {
        public uint Effective;
        public uint Permitted;
        public uint Inheritable;
    }

    private struct CapabilitySets
    {
        public ulong Effective;
        public ulong Permitted;
        public ulong Inheritable;
    }
}

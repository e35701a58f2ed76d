// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but RawCalls, since errno may be the parent's, too.
using Daemonproxy.Protocol;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Gives the notify socket of a run its address. The child does it, since it is an operation on a path. The socket is
/// bound to a name that is then changed: /proc/net/unix shows the name of bind(2) for as long as the socket lives, so
/// that the service's name cannot be read there.
/// </summary>
internal static unsafe class NotifyBinding
{
    // 0711: a process that knows a name reaches it, and other users cannot list the names.
    private const int DirectoryMode = 0x1C9;
    private const uint WritableByOthers = 0x12;
    private const uint TypeMask = 0xF000;
    private const uint DirectoryType = 0x4000;
    private const int PathOffset = 2;
    private const int ScmCredentials = 2;

    /// <summary>
    /// Binds the socket to its path; where that cannot be made, as before /run is mounted, to an abstract address.
    /// </summary>
    public static Errno Bind(LaunchSettings* settings)
    {
        settings->Subject = settings->NotifyAddress;
        byte* address = stackalloc byte[sizeof(SocketAddress)];
        *(ushort*)address = (ushort)SocketDomain.Unix;
        int length = 0;
        Errno reason = settings->NotifyDirectory == null ? Errno.ENOENT : MakeDirectory(settings->NotifyDirectory);
        reason = reason == Errno.None ? BindTemporary(settings, address, ref length) : reason;
        reason = reason == Errno.None
            ? Rename(settings, address, ref length)
            : BindAbstract(settings, address, ref length);

        if (reason == Errno.None && settings->User != null)
        {
            SendUser(settings, address, length);
        }

        return reason;
    }

    // An existing one must be private to us: otherwise another user could put a socket in the place of ours.
    private static Errno MakeDirectory(byte* path)
    {
        RawCalls.SetUmask(0);
        nint made = RawCalls.Call(RawCalls.Number(258, 34), AT_FDCWD, (nint)path, DirectoryMode, 0, 0);
        if (made != -(int)Errno.EEXIST)
        {
            return RawCalls.ReasonOf(made);
        }

        stat status;
        nint found = RawCalls.Call(
            RawCalls.Number(262, 79), AT_FDCWD, (nint)path, (nint)(&status), AT_SYMLINK_NOFOLLOW, 0);
        uint mode = (uint)status.st_mode;
        uint own = (uint)RawCalls.Call(RawCalls.Number(107, 175), 0, 0, 0, 0, 0);
        bool isOurs = (mode & TypeMask) == DirectoryType && (uint)status.st_uid == own
            && (mode & WritableByOthers) == 0;
        return found < 0 ? RawCalls.ReasonOf(found) : isOurs ? Errno.None : Errno.EACCES;
    }

    // As DIRECTORY/.PID.
    private static Errno BindTemporary(LaunchSettings* settings, byte* address, ref int length)
    {
        byte* temporary = address + PathOffset;
        byte* at = Append(temporary, settings->NotifyDirectory);
        *at++ = (byte)'/';
        *at++ = (byte)'.';
        at = AppendNumber(at, RawCalls.ProcessId());
        *at++ = 0;
        _ = RawCalls.Call(RawCalls.Number(263, 35), AT_FDCWD, (nint)temporary, 0, 0, 0);
        length = (int)(at - address);
        return RawCalls.ReasonOf(CallBind(settings->NotifySocket, address, length));
    }

    // A socket has one address: from here on there is no other way.
    private static Errno Rename(LaunchSettings* settings, byte* address, ref int length)
    {
        byte* temporary = address + PathOffset;
        nint result = RawCalls.Call(
            RawCalls.Number(264, 38), AT_FDCWD, (nint)temporary, AT_FDCWD, (nint)settings->NotifyAddress, 0);
        if (result < 0)
        {
            _ = RawCalls.Call(RawCalls.Number(263, 35), AT_FDCWD, (nint)temporary, 0, 0, 0);
            return RawCalls.ReasonOf(result);
        }

        byte* at = Append(temporary, settings->NotifyAddress);
        *at++ = 0;
        length = (int)(at - address);
        return Errno.None;
    }

    // Without an address, bind(2) chooses one: a NUL and five hexadecimal digits. NOTIFY_SOCKET has @ for the NUL.
    private static Errno BindAbstract(LaunchSettings* settings, byte* address, ref int length)
    {
        nint result = CallBind(settings->NotifySocket, address, PathOffset);
        length = sizeof(SocketAddress);
        fixed (int* bytes = &length)
        {
            result = result < 0 ? result : RawCalls.Call(
                RawCalls.Number(51, 204), settings->NotifySocket, (nint)address, (nint)bytes, 0, 0);
        }

        if (result < 0)
        {
            return RawCalls.ReasonOf(result);
        }

        byte* to = settings->NotifyAddress;
        *to++ = (byte)'@';
        for (int index = PathOffset + 1; index < length; index++)
        {
            *to++ = address[index];
        }

        *to = 0;
        return Errno.None;
    }

    // The first message, an empty one, tells the daemon which user the run becomes. Who may not become that user may
    // not send it either: then the step that changes the user fails.
    private static void SendUser(LaunchSettings* settings, byte* address, int length)
    {
        const int ControlBytes = 32;
        byte* control = stackalloc byte[ControlBytes];
        cmsghdr* header = (cmsghdr*)control;
        header->cmsg_len = sizeof(cmsghdr) + sizeof(SenderCredentials);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = ScmCredentials;
        SenderCredentials* sender = (SenderCredentials*)(header + 1);
        *(int*)&sender->Pid = RawCalls.ProcessId();
        sender->User = settings->UserId;
        sender->Group = settings->GroupId;
        msghdr message = default;
        message.msg_name = address;
        message.msg_namelen = (uint)length;
        message.msg_control = control;
        message.msg_controllen = ControlBytes;
        _ = RawCalls.Call(RawCalls.Number(46, 211), settings->NotifySocket, (nint)(&message), MSG_DONTWAIT, 0, 0);
    }

    private static nint CallBind(int fd, byte* address, int length) =>
        RawCalls.Call(RawCalls.Number(49, 200), fd, (nint)address, length, 0, 0);

    private static byte* Append(byte* to, byte* text)
    {
        while (*text != 0)
        {
            *to++ = *text++;
        }

        return to;
    }

    private static byte* AppendNumber(byte* to, int number)
    {
        CgroupDirectory.WriteNumber(to, number);
        while (*to != 0)
        {
            to++;
        }

        return to;
    }
}

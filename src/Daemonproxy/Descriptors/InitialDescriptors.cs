using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>The named descriptors that are there from the start.</summary>
/// <param name="closed">
/// The descriptors among 0, 1 and 2 that were closed, a bit for each: those have no name, but as process 1. A kernel
/// that finds no /dev/console starts it so, and a service that names them has to start all the same.
/// </param>
internal sealed class InitialDescriptors(SystemCalls kernel, FdTable fds, int closed, bool isInit)
{
    // null and the three of control, and the three standard ones.
    private const FileFlags Both = FileFlags.Read | FileFlags.Write;
    private const int Constants = 4;
    private const int Standards = 3;
    private static readonly FdNumber _standardError = new(2);

    /// <summary>
    /// The descriptors above 2 that are open, in rising order: before the daemon opens any, these are the inherited
    /// ones.
    /// </summary>
    public static FdNumber[] ListInherited(SystemCalls kernel)
    {
        System.Collections.Generic.List<FdNumber> found = [];
        FdNumber next = kernel.NextOpen(new FdNumber(2));
        while (!next.IsNone)
        {
            found.Add(next);
            next = kernel.NextOpen(next);
        }

        return [.. found];
    }

    /// <summary>True if there are records for all of them.</summary>
    public bool HasRoomFor(ReadOnlySpan<FdNumber> inherited) =>
        Constants + Standards + inherited.Length <= fds.Capacity;

    /// <summary>
    /// Names them, as many as there is room for. What the daemon uses itself of the standard ones is /dev/null under
    /// that name, shown with the flags it had.
    /// </summary>
    public void Assign(ReadOnlySpan<FdNumber> inherited, bool usesInput, bool usesOutput, bool usesError)
    {
        Constant("null"u8, OpenNull(Both), Both, "/dev/null"u8, ControlFdKind.Plain);
        Constant(
            "control.cmd"u8,
            FdNumber.None,
            FileFlags.Write,
            "daemonproxy command pipe"u8,
            ControlFdKind.ControlCommand);
        Constant(
            "control.event"u8,
            FdNumber.None,
            FileFlags.Read,
            "daemonproxy event stream"u8,
            ControlFdKind.ControlEvent);
        Constant("control.socket"u8, FdNumber.None, Both, "daemonproxy control socket"u8, ControlFdKind.ControlSocket);
        Standard("stdin"u8, new FdNumber(0), usesInput);
        Standard("stdout"u8, new FdNumber(1), usesOutput);
        Standard("stderr"u8, _standardError, usesError);
        foreach (FdNumber number in inherited)
        {
            if (fds.HasRoom)
            {
                NameInherited(number);
            }
        }
    }

    private void NameInherited(FdNumber number)
    {
        LineWriter name = new(new byte[FdName.Longest + 1]);
        name.Text("fd_"u8);
        name.Integer(number.Value);
        if (kernel.Identify(number, out FdIdentity identity) == Errno.None)
        {
            ForeignDescriptor.Assign(fds, NewTarget(name.Written), Foreign(number, identity));
        }
    }

    private void Constant(
        ReadOnlySpan<byte> name, FdNumber number, FileFlags flags, ReadOnlySpan<byte> text, ControlFdKind role)
    {
        FdIndex index = fds.Assign(NewTarget(name), FdType.Special, (uint)flags, number, text, FdBlocking.None);
        fds.MakeConstant(index, role);
    }

    private void Standard(ReadOnlySpan<byte> name, FdNumber number, bool isUsed)
    {
        bool wasOpen = (closed & (1 << number.Value)) == 0;
        if (kernel.Identify(number, out FdIdentity identity) != Errno.None || (!wasOpen && !isInit))
        {
            return;
        }

        if (!wasOpen)
        {
            fds.Assign(
                NewTarget(name), FdType.File, (uint)Both, number, ForeignDescriptor.Text, FdBlocking.None);
            return;
        }

        if (isUsed)
        {
            FileFlags flags = ForeignDescriptor.OfFile(identity);
            fds.Assign(
                NewTarget(name), FdType.File, (uint)flags, OpenNull(flags), ForeignDescriptor.Text, FdBlocking.None);
            return;
        }

        ForeignDescriptor.Assign(fds, NewTarget(name), Foreign(number, identity));
    }

    // Before the loop begins it may be asked, too, whether its file system may stop answering. A helper closes it in
    // any case.
    private ExaminedFd Foreign(FdNumber number, in FdIdentity identity)
    {
        FdBlocking blocking = ForeignDescriptor.BlockingOf(kernel, number, identity);
        FdNumber raised = number != _standardError ? ForeignDescriptor.Raise(kernel, number, blocking)
            : blocking == FdBlocking.All ? RaiseError() : number;
        return new ExaminedFd(raised, identity, blocking);
    }

    // The last words of a daemon that cannot go on have a number of their own: this one may be deleted.
    private FdNumber RaiseError()
    {
        if (kernel.Duplicate(_standardError, isHigh: true, out FdNumber high) != Errno.None)
        {
            return _standardError;
        }

        kernel.KeepErrorAside(FdNumber.None);
        return high;
    }

    private FdNumber OpenNull(FileFlags flags)
    {
        OpenMode mode = (flags & FileFlags.Read) != 0 ? OpenMode.Read : 0;
        mode |= (flags & FileFlags.Write) != 0 ? OpenMode.Write : 0;
        return NullDevice.OpenFirst(kernel, mode, isInit);
    }

    private FdTarget NewTarget(ReadOnlySpan<byte> name)
    {
        Assertion.Require(fds.HasRoom);
        Assertion.Require(Name.TryParse(name, FdName.Longest, out Name parsed));
        return new FdTarget(parsed, FdIndex.None);
    }
}

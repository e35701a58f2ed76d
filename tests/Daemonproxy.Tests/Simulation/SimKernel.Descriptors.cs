using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The table of descriptors of the daemon, and what they refer to.</summary>
internal sealed unsafe partial class SimKernel
{
    private readonly List<int> _watched = [];
    private readonly Stack<SimStream> _spareStreams = [];
    private readonly Stack<SimRegular> _spareFiles = [];
    private readonly Stack<SimBuffer> _spareBuffers = [];
    private Descriptor[] _descriptors = new Descriptor[64];
    private int _lowestFree;
    private ulong _lastInode = 1;

    /// <summary>The daemon's limit of open descriptors (RLIMIT_NOFILE).</summary>
    public int DescriptorLimit { get; set; } = 1024;

    /// <summary>The number of open descriptors of the daemon, without those of the kernel seam.</summary>
    public int OpenCount { get; private set; }

    /// <summary>The file of a descriptor of the daemon; null when it is closed.</summary>
    public SimFile? FileOf(FdNumber fd) => (uint)fd.Value < _descriptors.Length ? _descriptors[fd.Value].File : null;

    /// <summary>Opens a file under a number, before the daemon starts.</summary>
    public void Inherit(int fd, SimFile file) => Put(fd, file);

    /// <summary>Three descriptors of the seam's own, as the real one has: program, epoll, wake.</summary>
    public void TakeOwn()
    {
        for (int i = 0; i < 3; i++)
        {
            Own(NextFree(3));
        }
    }

    /// <summary>A pipe that the daemon has no end of.</summary>
    public (SimStream Reader, SimStream Writer) MakePipe()
    {
        SimBuffer buffer = NewBuffer();
        return (NewStream(buffer, null), NewStream(null, buffer));
    }

    /// <summary>One more descriptor, of whomever, refers to this.</summary>
    public static T Hold<T>(T file)
        where T : SimFile
    {
        file.References++;
        return file;
    }

    /// <summary>A descriptor that referred to this was closed.</summary>
    public void Release(SimFile file)
    {
        if (--file.References == 0)
        {
            file.Closed(this);
        }
    }

    public void GiveBack(SimStream stream) => _spareStreams.Push(stream);

    public void GiveBack(SimRegular file) => _spareFiles.Push(file);

    public void GiveBack(SimBuffer buffer)
    {
        if (buffer.Readers == 0 && buffer.Writers == 0)
        {
            _spareBuffers.Push(buffer);
        }
    }

    public override Errno Read(FdNumber fd, Span<byte> free, ref int filled)
    {
        Errno reason = Faults.Enter(SimCall.Read);
        if (reason == Errno.None)
        {
            reason = Errno.EBADF;
            if (IsOpen(fd))
            {
                reason = _descriptors[fd.Value].File!.Read(free, out int count);
                filled += count;
            }
        }

        return reason;
    }

    public override Errno Write(FdNumber fd, ReadOnlySpan<byte> bytes, ref int sent)
    {
        Errno reason = Faults.Enter(SimCall.Write);
        if (reason == Errno.None)
        {
            reason = Errno.EBADF;
            if (IsOpen(fd))
            {
                bool tears = Faults.Canary == SimCanary.TornLines && bytes.Length > 1;
                reason = _descriptors[fd.Value].File!.Write(tears ? bytes[..^1] : bytes, out int count);
                sent += tears && reason == Errno.None ? bytes.Length : count;
            }
        }

        return reason;
    }

    // As with O_NONBLOCK, which is not set: the file is the same for all who have it.
    public override Errno WriteShared(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent)
    {
        bool was = SetNonblocking(fd);
        Errno reason = Write(fd, bytes, ref sent);
        RestoreNonblocking(fd, was);
        return reason;
    }

    // As poll(2): a pipe takes what it takes whole, or nothing.
    public override Errno WriteLog(FdNumber fd, FdKind kind, ReadOnlySpan<byte> bytes, ref int sent) =>
        FileOf(fd) is { HasRoom: false } ? Errno.EAGAIN : WriteShared(fd, kind, bytes, ref sent);

    public override Errno ReadShared(FdNumber fd, FdKind kind, Span<byte> free, ref int filled)
    {
        bool was = SetNonblocking(fd);
        Errno reason = Read(fd, free, ref filled);
        RestoreNonblocking(fd, was);
        return reason;
    }

    public override bool IsPipe(FdNumber fd) => FileOf(fd)?.Kind == FdKind.Pipe;

    public override Errno Pipe(out FdNumber reader, out FdNumber writer)
    {
        (reader, writer) = (FdNumber.None, FdNumber.None);
        Errno reason = EnterWithRoomFor(SimCall.Pipe, 2);
        if (reason == Errno.None)
        {
            SimBuffer buffer = NewBuffer();
            reader = PutLowest(NewStream(buffer, null));
            writer = PutLowest(NewStream(null, buffer));
        }

        return reason;
    }

    public override Errno ReportPipe(out ReportPipe pipe)
    {
        Errno reason = Pipe(out FdNumber reader, out FdNumber writer);
        pipe = new ReportPipe(reader, writer);
        if (reason == Errno.None)
        {
            _descriptors[reader.Value].File!.IsNonblocking = true;
            _descriptors[writer.Value].File!.IsNonblocking = true;
        }

        return reason;
    }

    public override Errno SetNonblocking(FdNumber fd, bool nonblocking)
    {
        Errno reason = Faults.Enter(SimCall.SetNonblocking);
        if (reason != Errno.None || !IsOpen(fd))
        {
            return reason != Errno.None ? reason : Errno.EBADF;
        }

        _descriptors[fd.Value].File!.IsNonblocking = nonblocking;
        return Errno.None;
    }

    public override Errno Identify(FdNumber fd, out FdIdentity identity)
    {
        identity = default;
        if (!IsOpen(fd))
        {
            return Errno.EBADF;
        }

        SimFile file = _descriptors[fd.Value].File!;
        identity.Device = 1;
        identity.Inode = file.Inode;
        identity.Kind = file.Kind;
        identity.Mode = ModeOf(file.Kind);
        identity.Readable = file.IsReadable;
        identity.Writable = file.IsWritable;
        identity.Nonblocking = file.IsNonblocking;
        identity.Appending = file.IsAppending;
        identity.SocketDomain = (ushort)file.Shape.Domain;
        identity.SocketType = (ushort)file.Shape.Type;
        return Errno.None;
    }

    public override void Close(FdNumber fd)
    {
        if (!IsOpen(fd) || _descriptors[fd.Value].IsWatched)
        {
            throw new SimulationException(
                IsOpen(fd) ? "the daemon closes what it watches" : "the daemon closes what is not open");
        }

        if (Faults.Canary == SimCanary.LeakedDescriptors)
        {
            return;
        }

        SimFile file = _descriptors[fd.Value].File!;
        _descriptors[fd.Value] = default;
        _lowestFree = Math.Min(_lowestFree, fd.Value);
        OpenCount--;
        Release(file);
    }

    public override FdNumber NextOpen(FdNumber after)
    {
        for (int fd = after.Value + 1; fd < _descriptors.Length; fd++)
        {
            if (_descriptors[fd].File is not null && new FdNumber(fd) != _error)
            {
                return new FdNumber(fd);
            }
        }

        return FdNumber.None;
    }

    /// <summary>
    /// A new process image has a new epoll descriptor: nothing is watched by it. Helpers keep the table of descriptors
    /// as it was, and the memory; but for those that write an output, they are of no use any more.
    /// </summary>
    public void ForgetWatches()
    {
        RestoreError();
        foreach (SimProcess process in _processes)
        {
            process.Plan = GoesOn(process) ? process.Plan : 0;
        }

        foreach (int fd in _watched)
        {
            _descriptors[fd].IsWatched = false;
        }

        _watched.Clear();
    }

    private static unsafe bool GoesOn(SimProcess process) =>
        process.Plan != 0 && ((HelperPlan*)process.Plan)->Task == HelperTask.WriteOutput;

    private bool SetNonblocking(FdNumber fd)
    {
        bool was = FileOf(fd)?.IsNonblocking ?? false;
        RestoreNonblocking(fd, true);
        return was;
    }

    private void RestoreNonblocking(FdNumber fd, bool was)
    {
        if (FileOf(fd) is { } file)
        {
            file.IsNonblocking = was;
        }
    }

    private static uint ModeOf(FdKind kind)
    {
        uint type = kind switch
        {
            FdKind.File => 8,
            FdKind.Pipe => 1,
            FdKind.Socket => 12,
            _ => 2,
        };
        return (type << 12) | 0x180;
    }

    public override bool IsOpen(FdNumber fd) => FileOf(fd) is not null;

    private Errno EnterWithRoomFor(SimCall call, int descriptors)
    {
        Errno reason = Faults.Enter(call);
        return reason != Errno.None || OpenCount + descriptors <= DescriptorLimit ? reason : Errno.EMFILE;
    }

    private SimBuffer NewBuffer()
    {
        SimBuffer buffer = _spareBuffers.Count > 0 ? _spareBuffers.Pop() : new SimBuffer();
        buffer.Reset();
        return buffer;
    }

    private SimStream NewStream(SimBuffer? input, SimBuffer? output, SocketShape shape = default)
    {
        SimStream stream = _spareStreams.Count > 0 ? _spareStreams.Pop() : new SimStream();
        stream.Open(input, output, shape);
        stream.Inode = ++_lastInode;
        return stream;
    }

    private int NextFree(int from)
    {
        int fd = from;
        while (fd < _descriptors.Length && (_descriptors[fd].File is not null || _descriptors[fd].IsOwn))
        {
            fd++;
        }

        if (fd >= _descriptors.Length)
        {
            Array.Resize(ref _descriptors, 2 * fd);
        }

        return fd;
    }

    private void Own(int fd) => _descriptors[fd].IsOwn = true;

    public override ulong RaiseOpenFiles() => AsManyOpenFiles;

    public override void SetServiceOpenFiles(ulong soft)
    {
    }

    public override Errno Duplicate(FdNumber fd, bool isHigh, out FdNumber duplicate)
    {
        duplicate = FdNumber.None;
        Errno reason = Faults.Enter(SimCall.Duplicate);
        if (reason == Errno.None)
        {
            reason = OpenCount < DescriptorLimit ? Errno.None : Errno.EMFILE;
        }

        if (reason == Errno.None)
        {
            int free = NextFree(isHigh ? HelperPlan.FirstHigh : 3);
            Put(free, _descriptors[fd.Value].File!);
            duplicate = new FdNumber(free);
        }

        return reason;
    }

    public override Errno SendDescriptor(
        FdNumber socket, ReadOnlySpan<byte> bytes, FdNumber descriptor, ref int sent)
    {
        Errno reason = Faults.Enter(SimCall.SendDescriptor);
        if (reason != Errno.None || FileOf(socket) is not SimStream { Kind: FdKind.Socket } stream)
        {
            return reason != Errno.None ? reason : Errno.ENOTSOCK;
        }

        int room = stream.Out?.Free ?? 0;
        if (room > 0 && stream.Out!.Readers > 0)
        {
            stream.Out.Attach(Math.Min(bytes.Length, room), FileOf(descriptor)!);
        }

        return WriteShared(socket, FdKind.Socket, bytes, ref sent);
    }

    private FdNumber PutLowest(SimFile file)
    {
        int fd = NextFree(_lowestFree);
        Put(fd, file);
        _lowestFree = fd + 1;
        return new FdNumber(fd);
    }

    private void Put(int fd, SimFile file)
    {
        _descriptors[fd].File = Hold(file);
        OpenCount++;
    }

    private struct Descriptor
    {
        public SimFile? File;
        public bool IsOwn;
        public bool IsWatched;
        public PollInterest Interest;
        public PollToken Token;

        /// <summary>The number of connections that it has reported: see <see cref="PollInterest.Edge"/>.</summary>
        public int Reported;
    }
}

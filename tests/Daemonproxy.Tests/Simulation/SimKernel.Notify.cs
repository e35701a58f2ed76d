using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Notify sockets: the child of a launch gives them their address, and services send messages.</summary>
internal sealed unsafe partial class SimKernel
{
    /// <summary>The user of a service whose user is a name.</summary>
    private const uint NamedUser = 1000;

    private ulong _lastRandom = 0xA0;
    private int _lastAbstract;

    /// <summary>Sends a message to the notify socket of a service.</summary>
    public static void Notify(SimProcess service, SimProcess sender, string text, IReadOnlyList<SimFile> passed)
    {
        SenderCredentials credentials = new() { Pid = new Pid(sender.Pid), User = sender.User };
        SimFile[] files = [.. passed];
        foreach (SimFile file in files)
        {
            Hold(file);
        }

        service.Notify?.Messages.Enqueue(new SimMessage(Encoding.Latin1.GetBytes(text), credentials, files));
    }

    public override Errno NotifySocket(out FdNumber fd)
    {
        fd = FdNumber.None;
        Errno reason = EnterWithRoomFor(SimCall.NotifySocket, 1);
        if (reason == Errno.None)
        {
            fd = PutLowest(new SimNotifySocket { IsNonblocking = true, IsReadable = true, Inode = ++_lastInode });
        }

        return reason;
    }

    public override Errno ReceiveMessage(
        FdNumber fd,
        Span<byte> free,
        ref int received,
        ref SenderCredentials sender,
        Span<FdNumber> passed,
        ref int passedCount,
        Span<FdNumber> surplus,
        out int surplusCount)
    {
        surplusCount = 0;
        Errno reason = Faults.Enter(SimCall.ReceiveMessage);
        if (reason != Errno.None || FileOf(fd) is not SimNotifySocket socket)
        {
            return reason != Errno.None ? reason : Errno.ENOTSOCK;
        }

        if (!socket.Messages.TryDequeue(out SimMessage? message))
        {
            return Errno.EAGAIN;
        }

        sender = message.Sender;
        foreach (SimFile file in message.Passed)
        {
            if (OpenCount < DescriptorLimit)
            {
                bool hasRoom = passedCount < passed.Length;
                (hasRoom ? passed : surplus)[hasRoom ? passedCount++ : surplusCount++] = PutLowest(file);
            }

            Release(file);
        }

        message.Bytes.AsSpan(0, Math.Min(message.Bytes.Length, free.Length)).CopyTo(free);
        if (message.Bytes.Length > free.Length)
        {
            return Errno.EMSGSIZE;
        }

        received = message.Bytes.Length + 1;
        return Errno.None;
    }

    public override void Classify(FdNumber fd, out FdIdentity identity, out FdBlocking blocking)
    {
        SimFile file = FileOf(fd)!;
        if (file.Kind is FdKind.Pipe or FdKind.Socket)
        {
            Identify(fd, out identity);
            blocking = file.Kind == FdKind.Socket ? FdBlocking.Close : FdBlocking.None;
            return;
        }

        blocking = FdBlocking.All;
        identity = new FdIdentity
        {
            Kind = FdKind.File,
            Readable = file.IsReadable,
            Writable = file.IsWritable,
            Nonblocking = file.IsNonblocking,
            Appending = file.IsAppending,
        };
    }

    public override Pid SessionOf(Pid pid) => new(ProcessOf(pid)?.Session ?? 0);

    /// <summary>The messages of the daemon to its own supervisor; null when it has none.</summary>
    public List<string>? Supervisor { get; set; }

    public override bool HasSupervisor => Supervisor is not null;

    public override long SupervisorWatchdog => 20_000_000;

    public override Errno NotifySupervisor(ReadOnlySpan<byte> message)
    {
        Errno reason = Faults.Enter(SimCall.NotifySupervisor);
        if (reason == Errno.None)
        {
            Supervisor!.Add(Encoding.Latin1.GetString(message));
        }

        return reason;
    }

    public override ulong RandomNumber() => ++_lastRandom;

    // What the child does in step `notify`.
    private void BindNotifySocket(SimProcess process, LaunchSettings* settings)
    {
        process.Notify = (SimNotifySocket)_descriptors[settings->NotifySocket].File!;
        if (settings->NotifyDirectory == null)
        {
            process.NotifyAddress = "@" + (++_lastAbstract).ToString("x5", CultureInfo.InvariantCulture);
        }
        else
        {
            ReadOnlySpan<byte> path = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(settings->NotifyAddress);
            process.NotifyAddress = Encoding.Latin1.GetString(path);
            AddSocketNode(path);
        }

        if (settings->User != null)
        {
            string user = Encoding.Latin1.GetString(
                MemoryMarshal.CreateReadOnlySpanFromNullTerminated(settings->User));
            process.User = uint.TryParse(user, CultureInfo.InvariantCulture, out uint number) ? number : NamedUser;
            Notify(process, process, "", []);
        }
    }
}

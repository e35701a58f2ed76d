using System;
using System.Diagnostics.CodeAnalysis;
using Daemonproxy.Access;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;
using Daemonproxy.State;

namespace Daemonproxy.Commands;

/// <summary>Commands about control sockets and the rights of their peers.</summary>
internal sealed class ControlSocketCommands(
    SystemCalls kernel, ControlSockets sockets, AccessPolicies access, CommandHelper helper, IAnnouncer announcer)
    : ISocketsCommands
{
    public CommandError SocketCreate(scoped in SocketCreateArguments arguments)
    {
        SocketOptionSet options = arguments.Options.Flags == SocketOptions.None ? default : arguments.Options;
        CommandError error = Read(options, out AccessPolicyRecord rules, out Name name);
        ControlSocket? socket = error.IsNone ? sockets.SlotFor(name) : null;
        if (socket is null)
        {
            return error.IsNone ? Errors.SocketsFull : error;
        }

        bool isAll = rules.Allow == Right.All;
        if (helper.TryTakeAnswer(out HelperAnswer answer, out HelperSlot slot))
        {
            return Finish(arguments.Path, socket, MakeOptions(options, name, default), rules, answer, slot);
        }

        if (!isAll && !access.HasRoomFor(rules))
        {
            return Errors.SocketsFull;
        }

        if (!helper.IsFree())
        {
            return CommandError.None;
        }

        ControlSocketOptions plain = MakeOptions(options, name, default);
        if (!socket.TryPlan(arguments.Path, plain, out slot))
        {
            sockets.Note(isMade: false);
            return Errors.NoControlSocket;
        }

        answer.Reason = helper.Start(slot);
        if (answer.Reason == Errno.None)
        {
            return CommandError.None;
        }

        sockets.Note(socket.Finish(arguments.Path, plain, answer, slot));
        return Errors.NoControlSocket;
    }

    public CommandError SocketDelete(scoped in SocketDeleteArguments arguments)
    {
        ControlSocket socket = arguments.Name.IsGiven ? sockets.All[arguments.Name.Value.Value] : sockets.Unnamed;

        // A failure means only that the file is not removed.
        if (helper.TryTakeAnswer(out _) || socket.Listener.IsNone)
        {
            Delete(socket);
            return CommandError.None;
        }

        if (helper.TryPrepare(HelperTask.RemoveSocketFile, default, out HelperSlot slot))
        {
            socket.PlanRemoval(ref slot.Plan);
            if (helper.Start(slot) != Errno.None)
            {
                Delete(socket);
            }
        }

        return CommandError.None;
    }

    private void Delete(ControlSocket socket)
    {
        if (socket.Listener.IsNone)
        {
            return;
        }

        LineWriter line = announcer.Begin();
        Events.SocketStateDeleted(ref line, socket.Record.Name.Value);
        bool isAnnounced = IsAnnounced(socket);
        socket.StopListening();
        sockets.CountUsed();
        if (isAnnounced)
        {
            announcer.Announce(EventSubject.None, line);
        }
    }

    // Of a socket without options there is no event: protocol 1 has none. A dump restates it.
    private static bool IsAnnounced(ControlSocket socket) =>
        !socket.Listener.IsNone && socket.Record.Options != SocketOptions.None;

    private CommandError Finish(
        ReadOnlySpan<byte> path,
        ControlSocket socket,
        scoped in ControlSocketOptions plain,
        scoped in AccessPolicyRecord rules,
        scoped in HelperAnswer answer,
        HelperSlot slot)
    {
        AccessPolicyIndex made = default;
        if (answer.Reason == Errno.None && rules.Allow != Right.All && !access.TryMake(rules, out made))
        {
            helper.Close(answer.Fd, answer.Blocking);
            return Errors.SocketsFull;
        }

        ControlSocketOptions complete = new()
        {
            Options = plain.Options,
            Name = plain.Name,
            Mode = plain.Mode,
            Owner = plain.Owner,
            Access = made,
        };
        bool isAnnounced = IsAnnounced(socket);
        if (!sockets.Note(socket.Finish(path, complete, answer, slot)))
        {
            CommandError error = FdCommands.ErrorOfRights(answer);
            return error.IsNone ? Errors.NoControlSocket : error;
        }

        if (isAnnounced || IsAnnounced(socket))
        {
            LineWriter line = announcer.Begin();
            SocketEvents.State(ref line, socket, access);
            announcer.Announce(EventSubject.None, line);
        }

        return CommandError.None;
    }

    private static ControlSocketOptions MakeOptions(
        scoped in SocketOptionSet options, Name name, AccessPolicyIndex made) =>
        new()
        {
            Options = options.Flags,
            Name = name,
            Mode = (uint)options.Mode,
            Owner = options.Owner,
            Access = made,
        };

    // Reads the options, if they can be combined.
    private CommandError Read(scoped in SocketOptionSet options, out AccessPolicyRecord rules, out Name name)
    {
        rules = new AccessPolicyRecord
        {
            Allow = Right.All,
            MostServices = Limits.SocketServices,
            MostConnections = Limits.SocketConns,
        };
        name = default;
        SocketOptions flags = options.Flags;
        if ((flags & SocketOptions.Name) != 0 && !SocketName.TryParse(options.Name, out name))
        {
            return Errors.SocketInvalid;
        }

        if ((flags & SocketOptions.Allow) != 0)
        {
            if (!RightText.TryParse(options.Allow, out Right allow))
            {
                return Errors.BadAllow;
            }

            rules.Allow = allow;
        }

        if ((flags & SocketOptions.Owner) != 0 && !FileRights.IsOwner(options.Owner))
        {
            return Errors.BadOwner;
        }

        const SocketOptions ForJobs = SocketOptions.User | SocketOptions.Cgroup | SocketOptions.Max;
        const SocketOptions ForPeers = SocketOptions.Prefix | SocketOptions.Conns;
        SocketOptions useless = rules.Allow switch
        {
            Right.All => ForJobs | ForPeers,
            Right.Watch => ForJobs,
            _ => SocketOptions.None,
        };
        return (flags & useless) != 0 ? Errors.OnlyForJobs
            : rules.Allow == Right.All ? CommandError.None
            : ReadRules(options, name, ref rules);
    }

    private CommandError ReadRules(scoped in SocketOptionSet options, Name name, scoped ref AccessPolicyRecord rules)
    {
        SocketOptions flags = options.Flags;
        if ((flags & SocketOptions.Prefix) == 0)
        {
            return Errors.PrefixNeeded;
        }

        if (!IsPrefix(options.Prefix, out Name prefix))
        {
            return Errors.BadPrefix;
        }

        Span<byte> user = stackalloc byte[FixedText.Longest];
        user = user[..options.User.Length];
        options.User.CopyTo(user);
        user.Replace((byte)':', (byte)'\t');
        bool isUser = user.Count((byte)'\t') <= 1 && !user.StartsWith("\t"u8) && !user.EndsWith("\t"u8)
            && new UserFields(user).AreValid();
        if ((flags & SocketOptions.User) != 0 && !isUser)
        {
            return Errors.BadUser;
        }

        if ((flags & SocketOptions.User) == 0 && rules.Allow == Right.Jobs && kernel.IsRoot())
        {
            return Errors.UserNeeded;
        }

        if ((flags & SocketOptions.Cgroup) != 0 && !new CgroupFields(options.Cgroup).AreValid(out _))
        {
            return Errors.BadCgroup(options.Cgroup);
        }

        rules.Socket = FixedName.From(name);
        rules.Prefix = FixedName.From(prefix);
        rules.User = FixedText.From(user);
        rules.UserText = FixedText.From(options.User);
        rules.Cgroup = FixedText.From(options.Cgroup);
        rules.MostServices = (flags & SocketOptions.Max) != 0 ? (int)options.Max : rules.MostServices;
        rules.MostConnections = (flags & SocketOptions.Conns) != 0 ? (int)options.Conns : rules.MostConnections;
        return CommandError.None;
    }

    // The names that stand for a connection are hidden from restricted peers.
    private static bool IsPrefix(ReadOnlySpan<byte> text, out Name prefix) =>
        FdName.TryParse(text, out prefix) && text[^1] is (byte)'.' or (byte)'-' && !text.SequenceEqual("control."u8);
}

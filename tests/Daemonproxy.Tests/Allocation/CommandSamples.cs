using System.Collections.Generic;
using System.Text;
using Daemonproxy.Commands;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Allocation;

/// <summary>For every command, lines that run it in every way that matters, and leave things as they were.</summary>
internal static class CommandSamples
{
    private const string Errors =
        "service.start\tnothing\nservice.start\nservice.signal\tx\tNONE\nservice.fds\tx\t!\nfd.open\tx\tnone\t/tmp/x\n";

    private static readonly Dictionary<CommandId, string> _lines = new()
    {
        [CommandId.Echo] = "echo\ta\tb\necho\n",
        [CommandId.Statedump] = "statedump\necho\tend\n",
        [CommandId.Exit] = "",
        [CommandId.LogFilter] = "log.filter\tnone\nlog.filter\t+\nlog.filter\nlog.filter\tx\nlog.filter\tdebug\n",
        [CommandId.Stats] = "stats\nstats\tturns\tevents\nstats\tx\n",
        [CommandId.ServiceArgs] = "service.args\ta\t/bin/once\tx\nservice.args\ta\nservice.args\t!\n",
        [CommandId.ServiceTags] = "service.tags\ta\tone\ttwo\nservice.tags\ta\nservice.tags\t!\n",
        [CommandId.ServiceTag] = "service.tag\ta\tk\tv\nservice.tag\ta\tk\nservice.tag\ta\n",
        [CommandId.ServiceEnv] = "service.env\ta\t-\tA=1\tB\nservice.env\ta\t=\nservice.env\ta\n",
        [CommandId.ServiceDir] = "service.dir\ta\t/\nservice.dir\ta\t/\tx\nservice.dir\ta\n",
        [CommandId.ServiceRoot] = "service.root\ta\t/\nservice.root\ta\n",
        [CommandId.ServiceUser] = "service.user\ta\tnobody\tadm\t-\nservice.user\ta\t:\nservice.user\ta\n",
        [CommandId.ServiceLimits] = "service.limits\ta\tnofile=9:1K\nservice.limits\ta\tx=1\nservice.limits\ta\n",
        [CommandId.ServiceProcess] = "service.process\ta\tumask=0\tcpus=0-3\tcaps=kill\nservice.process\ta\tx\n"
            + "service.process\ta\n",
        [CommandId.ServiceArgsFrom] = "service.args_from\ta\tr\nservice.args_from\ta\t!\nservice.args_from\ta\n",
        [CommandId.ServiceEnvFrom] = "service.env_from\ta\tr\nservice.env_from\ta\t!\nservice.env_from\ta\n",
        [CommandId.ServiceMounts] = "service.mounts\ta\tro=/\ttmp=/tmp\nservice.mounts\ta\tx\nservice.mounts\ta\n",
        [CommandId.ServiceCgroup] = "service.cgroup\ta\tweb\tpids.max=9\nservice.cgroup\ta\t..\nservice.cgroup\ta\n"
            + "service.args\tg\t/bin/runs\nservice.cgroup\tg\tweb\nservice.start\tg\n\n\nservice.signal\tg\t0\ttree\n"
            + "service.stop\tg\t5\n",
        [CommandId.ServiceListen] = "service.listen\ta\t+\nservice.listen\ta\tx\nservice.listen\ta\n",
        [CommandId.ServiceFds] = "service.fds\ta\tnull\t-\tundefined\nservice.fds\ta\t!\n",
        [CommandId.ServiceAutoUp] = "service.auto_up\ta\t5\tTERM\nservice.auto_up\ta\t5\tno\nservice.auto_up\ta\t-\n",
        [CommandId.ServiceStart] = "service.args\ts\t/bin/once\tx\nservice.start\ts\t9999\nservice.start\ts\t-\n"
            + "service.start\ts\nservice.start\tnone\nservice.args\tf\t/bin/none\nservice.start\tf\n"
            + "service.args\tw\t/bin/once\nservice.env\tw\tA=1\tHOME\nservice.dir\tw\t/\nservice.user\tw\tnobody\n"
            + "service.limits\tw\tcore=0\nservice.process\tw\tsession\tcpus=0\nservice.listen\tw\t+\n"
            + "service.mounts\tw\tro=/\tdev\tbind=/a:/b\nservice.start\tw\n",
        [CommandId.ServiceSignal] = "service.args\tr\t/bin/runs\nservice.start\tr\n\nservice.signal\tr\t99\n"
            + "service.signal\tr\t0\ttree\nservice.signal\tr\t0\tpid=1\nservice.stop\tr\t9\tUSR1\n"
            + "service.signal\tr\tKILL\tgroup\nservice.signal\tr\tno\n*service.signal\tr\tKILL\n",
        [CommandId.ServiceReady] = "service.ready\ta\tfd=4\nservice.ready\ta\tno\nservice.ready\ta\n"
            + "service.args\ty\t/bin/runs\nservice.ready\ty\tfd=3\nservice.start\ty\n\n*service.signal\ty\tKILL\n"
            + "service.ready\tn\tnotify\tstore=2\nservice.ready\tn\t-\tstore=2\nservice.ready\tn\t-\tstore=99\n",
        [CommandId.ServiceStop] = "service.args\tq\t/bin/runs\nservice.process\tq\tsession\nservice.start\tq\n\n"
            + "service.signal\tq\t0\ttree\nservice.stop\tq\t5\n*service.stop\tq\tx\nservice.stop\tnone\n",
        [CommandId.ServiceDelete] = "service.tags\td\tx\nservice.delete\td\nservice.delete\td\n",
        [CommandId.FdPipe] = "fd.pipe\tr\tw\tnonblock\nfd.pipe\tr\tr\nfd.pipe\tr\tw\tdgram\nfd.delete\tr\n",
        [CommandId.FdSocket] = "fd.socket\ts\ttcp,listen\t127.0.0.1:80\nfd.socket\ts\tinet6,bind\t[::1]:1\n"
            + "fd.socket\ts\tbind\nfd.socket\ts\tunix,mkdir\t/tmp/far/s\nfd.socket\ts\tudp\tx\n"
            + "fd.socket\ts\tunix,mode=660\t/tmp/s\nfd.delete\ts\n",
        [CommandId.FdTake] = "fd.take\tt\nfd.take\n",
        [CommandId.FdGive] = "fd.pipe\tg\tw\nfd.give\tg\nfd.give\tnull\nfd.give\tx\nfd.delete\tg\nfd.delete\tw\n",
        [CommandId.SocketCreate] =
            "socket.create\t-\t/tmp/control\nsocket.create\tx\t/tmp/b\nsocket.create\t\t/none/x\n",
        [CommandId.SocketDelete] = "socket.delete\n",
        [CommandId.TerminateExecArgs] = "terminate.exec_args\t/bin/x\ty\nterminate.exec_args\n",
        [CommandId.FdOpen] = "fd.open\ta\twrite,create,mkdir\t/tmp/deep/a\nfd.open\ta\tread\t/tmp/none\n"
            + "fd.open\ta\tcreate,mode=640,owner=0:0\t/tmp/deep/a\nfd.open\ta\tmode=1,owner=x\t/tmp/none\n",
        [CommandId.FdDelete] = "fd.open\tb\tread\t/dev/null\nfd.delete\tb\nfd.delete\tb\nfd.delete\tnull\n",
        [CommandId.TerminateGuard] = "terminate.guard\t+\t5\nterminate.guard\t+\t5\nterminate.guard\t-\t5\n",
        [CommandId.ConnEventTimeout] =
            "conn.event_timeout\t15\t30\nconn.event_timeout\t9\t3\nconn.event_timeout\t9\t30\trestart\n",
        [CommandId.Chdir] = "chdir\t/none\nchdir\n",
        [CommandId.SignalClear] = "signal.clear\tHUP\t1\nsignal.clear\tx\t1\n",
        [CommandId.LogDest] = "log.dest\tfd\tnone\nlog.dest\tfd\tstderr\nlog.dest\tx\n",
        [CommandId.Reexec] = "reexec\nreexec\t/none\nreexec\t/bin/once\n",
        [CommandId.Terminate] = "terminate\nterminate\tx\n",
        [CommandId.DebugCrash] = "debug.crash\ndebug.crash\tx\ndebug.crash\tnull\tx\n",
    };

    /// <summary>
    /// The lines; a star stands for a pause in which everything comes to rest. Null when there are none.
    /// </summary>
    public static byte[]? Of(CommandId id) =>
        _lines.TryGetValue(id, out string? lines) ? Encoding.ASCII.GetBytes(lines + Errors) : null;
}

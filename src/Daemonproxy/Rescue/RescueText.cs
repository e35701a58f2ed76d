using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Rescue;

/// <summary>The commands that define and start the service <c>rescue</c>, as a config file would have them.</summary>
internal static class RescueText
{
    /// <summary>The name of the service.</summary>
    public static ReadOnlySpan<byte> ServiceName => "rescue"u8;

    /// <summary>The bytes that the longest text has at most.</summary>
    public const int Longest = 512;

    /// <summary>Starts a service that the config has defined, again and again.</summary>
    public static ReadOnlySpan<byte> StartConfigured => "service.start\trescue\nservice.auto_up\trescue\t1\talways\n"u8;

    /// <summary>
    /// The texts that a helper needs, each ended by a NUL: what it writes on the console, the path of the console, and
    /// those of the programs, of which it takes the first that can be executed. An empty one ends the list.
    /// </summary>
    /// <param name="text">Gets the texts.</param>
    /// <param name="reason">Why the service is started.</param>
    /// <param name="hasShell">True if a shell without a password is among the programs.</param>
    public static void WriteSearch(ref LineWriter text, RescueReason reason, bool hasShell)
    {
        text.Text("\r\ndaemonproxy: "u8);
        text.Text(reason.Text());
        text.Text(": this is service 'rescue'.\r\nLines that are written to its descriptor 3 are commands.\r\n\0"u8);
        text.Text("/dev/console\0/etc/daemonproxy.rescue\0/sbin/sulogin\0"u8);
        text.Text(hasShell ? "/bin/sh\0"u8 : default);
    }

    /// <summary>
    /// Defines a service that has the console as its controlling terminal, and a connection of its own: what it writes
    /// to its descriptor 3 are commands, what it reads from 4 are events.
    /// </summary>
    /// <param name="text">Gets the commands.</param>
    /// <param name="program">The path of the program.</param>
    public static void WriteDefinition(ref LineWriter text, ReadOnlySpan<byte> program)
    {
        text.Text("fd.open\trescue.tty\tread,write\t/dev/console\nservice.args\trescue\t"u8);
        text.Text(program);
        text.Text("\nservice.fds\trescue\trescue.tty\trescue.tty\trescue.tty\tcontrol.cmd\tcontrol.event\n"u8);
        text.Text("service.process\trescue\ttty=0\n"u8);
        text.Text(StartConfigured);
    }
}

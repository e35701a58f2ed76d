using System;
using System.Collections.Generic;
using Daemonproxy.Kernel;
using Daemonproxy.Kernel.Linux;
using Daemonproxy.Protocol;

namespace Daemonproxy.PowerCommands;

/// <summary>
/// Carries out a <see cref="PowerCommand"/>: sends process 1 the signal that busybox sends, or ends the machine itself.
/// Signals are what every process 1 understands, whichever it is.
/// </summary>
internal sealed class PowerCommandRunner(SystemCalls kernel, string name)
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int DigitsOfMinutes = 20;

    private static readonly FdNumber StandardError = new(2);

    /// <summary>Runs the command; the exit code.</summary>
    public int Run(ReadOnlySpan<string> words)
    {
        PowerCommand command = PowerCommand.Parse(name, words);
        if (command.Problem is string problem)
        {
            Say(problem);
            return Failed;
        }

        SayIgnored(command.Ignored);
        if (command.Order == PowerOrder.None)
        {
            return Done;
        }

        Wait(command);
        return command.IsForced && command.Order <= PowerOrder.Restart ? End(command) : Signal(command.Order);
    }

    /// <summary>The signal that asks process 1 for this, as busybox's init and systemd have them.</summary>
    public static Signal SignalOf(PowerOrder order) => new(order switch
    {
        PowerOrder.Halt => Protocol.Signal.SIGUSR1,
        PowerOrder.PowerOff => Protocol.Signal.SIGUSR2,
        PowerOrder.Restart => Protocol.Signal.SIGTERM,
        PowerOrder.Reload => Protocol.Signal.SIGHUP,
        _ => Protocol.Signal.SIGRTMIN + 1,
    });

    private void SayIgnored(List<string> words)
    {
        if (words.Count > 0)
        {
            string text = "ignoring what has no meaning here:";
            foreach (string word in words)
            {
                text += " " + word;
            }

            Say(text);
        }
    }

    private void Wait(PowerCommand command)
    {
        int minutes = command.Time.MinutesFrom(PowerCalls.MinuteOfDay());
        if (minutes > 0)
        {
            LineWriter text = new(new byte[DigitsOfMinutes]);
            text.Integer(minutes);
            Say(Text(text.Written) + " min to go; the end of this process cancels it");
            PowerCalls.Sleep(minutes * 60);
        }
    }

    private int Signal(PowerOrder order)
    {
        Signal signal = SignalOf(order);
        Errno errno = kernel.Kill(new Pid(1), signal);
        if (errno != Errno.None)
        {
            Say("cannot send " + Text(signal.Text) + " to process 1: " + Text(errno.Text()));
        }

        return errno == Errno.None ? Done : Failed;
    }

    private int End(PowerCommand command)
    {
        uint action = command.Order switch
        {
            PowerOrder.Halt => PowerCalls.Halt,
            PowerOrder.PowerOff => PowerCalls.PowerOff,
            _ => PowerCalls.Restart,
        };
        Errno errno = PowerCalls.End(action, command.Syncs);
        if (errno != Errno.None)
        {
            Say("cannot end the machine: " + Text(errno.Text()));
        }

        return errno == Errno.None ? Done : Failed;
    }

    private void Say(string text)
    {
        byte[] line = System.Text.Encoding.UTF8.GetBytes(name + ": " + text + "\n");
        int sent = 0;
        kernel.Write(StandardError, line, ref sent);
    }

    private static string Text(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text);
}

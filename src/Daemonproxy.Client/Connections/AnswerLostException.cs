using System;

namespace Daemonproxy.Client;

/// <summary>
/// Events were lost, and with them the answer to a command, which may have run or not. The events were not read in
/// time, or the daemon crashed or was replaced while it ran the command.
/// </summary>
public sealed class AnswerLostException : Exception
{
    internal AnswerLostException(string command)
        : base($"{command}: the answer was lost in an overflow") => Command = command;

    /// <summary>The name of the command.</summary>
    public string Command { get; }
}

using System;

namespace Daemonproxy.Client;

/// <summary>
/// The daemon discarded events because they were not read in time, and the answer to a command among them: it may have
/// been carried out, or not.
/// </summary>
public sealed class AnswerLostException : Exception
{
    internal AnswerLostException(string command)
        : base($"{command}: the answer was lost in an overflow") => Command = command;

    /// <summary>The name of the command.</summary>
    public string Command { get; }
}

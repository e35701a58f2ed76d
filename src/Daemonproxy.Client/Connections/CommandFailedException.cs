using System;

namespace Daemonproxy.Client;

/// <summary>The daemon answered a command with an error, and changed nothing.</summary>
public sealed class CommandFailedException : Exception
{
    /// <summary>Makes an exception; also for tests.</summary>
    /// <param name="command">The name of the command.</param>
    /// <param name="answer">The text of the error, with or without the quoted line.</param>
    public CommandFailedException(string command, string answer)
        : base($"{command}: {answer}")
    {
        Command = command;
        Text = MessageText.WithoutLine(answer);
        Kind = ErrorTexts.Find(Text);
    }

    /// <summary>The error.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The name of the command.</summary>
    public string Command { get; }

    /// <summary>The text of the error, without the quoted line.</summary>
    public string Text { get; }
}

using System;

namespace Daemonproxy.Client;

/// <summary>The daemon answered a command with an error, and changed nothing.</summary>
public sealed class CommandFailedException : Exception
{
    internal CommandFailedException(string command, string answer)
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

    /// <summary>The text of the error, without the line that it repeats.</summary>
    public string Text { get; }
}

using System;

namespace Daemonproxy.Client;

/// <summary>The daemon answered a command with an error.</summary>
public sealed class CommandFailedException : Exception
{
    internal CommandFailedException(string command, string text)
        : base($"{command}: {text}")
    {
        Command = command;
        Text = text;
        Kind = ErrorTexts.Find(text);
    }

    /// <summary>The kind of the error.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The name of the command.</summary>
    public string Command { get; }

    /// <summary>The text of the error.</summary>
    public string Text { get; }
}

namespace Daemonproxy.PowerCommands;

/// <summary>What a command such as <c>reboot</c> asks of process 1.</summary>
internal enum PowerOrder
{
    /// <summary>Nothing: the command only says something.</summary>
    None,

    Halt,
    PowerOff,
    Restart,

    /// <summary>A shell for the administrator, and nothing else.</summary>
    SingleUser,

    /// <summary>Reads its configuration again.</summary>
    Reload,
}

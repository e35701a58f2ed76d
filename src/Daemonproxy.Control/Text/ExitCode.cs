namespace Daemonproxy.Control.Text;

/// <summary>The exit codes of dpctl.</summary>
internal static class ExitCode
{
    /// <summary>Done, or so already.</summary>
    public const int Done = 0;

    /// <summary>Refused, failed, or mistakes found.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary><c>status</c>: not all is well.</summary>
    public const int NotWell = 3;

    /// <summary>There is no such service; nothing was done.</summary>
    public const int NoService = 4;

    /// <summary>There is no daemon, or no permission, or the connection was lost.</summary>
    public const int NoDaemon = 5;

    /// <summary>A time limit passed.</summary>
    public const int TimeLimit = 124;

    /// <summary><c>run</c>: dpctl or the daemon failed, not the program.</summary>
    public const int RunFailed = 125;

    /// <summary><c>run</c>: the program was found and cannot be executed.</summary>
    public const int NotExecutable = 126;

    /// <summary><c>run</c>: the program was not found.</summary>
    public const int NotFound = 127;

    /// <summary>A signal ended it: this plus its number.</summary>
    public const int Signal = 128;

    /// <summary>^C.</summary>
    public const int Interrupted = 130;

    /// <summary>The reader of the pipe went away.</summary>
    public const int BrokenPipe = 141;
}

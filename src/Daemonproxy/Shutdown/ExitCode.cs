namespace Daemonproxy.Shutdown;

/// <summary>The default exit codes of the process; protocol section 6.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>After --help and --version: nothing was supervised.</summary>
    public const int Informed = 1;
    public const int BadOptions = 2;

    /// <summary>The environment does not allow it: a config that cannot be opened, closed standard input.</summary>
    public const int BadEnvironment = 3;

    /// <summary>Our own state is broken.</summary>
    public const int BrokenState = 4;
}

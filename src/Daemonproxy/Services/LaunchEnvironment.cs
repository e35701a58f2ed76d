namespace Daemonproxy.Services;

/// <summary>
/// What every launch shares: the environment the daemon was started with, and where programs are searched.
/// </summary>
/// <param name="Variables">The variables as the kernel gave them, ended by NULL.</param>
/// <param name="SearchPath">Directories separated by colons, ended by NUL.</param>
internal sealed unsafe class LaunchEnvironment(byte** variables, byte* searchPath)
{
    public byte** Variables => variables;

    public byte* SearchPath => searchPath;
}

using System;
using System.Runtime.InteropServices;

namespace Daemonproxy.Launching;

/// <summary>
/// Data shared by all launches: the environment of the daemon, the search path, and the number of processors.
/// </summary>
/// <param name="Variables">The variables as the kernel gave them, ended by NULL.</param>
/// <param name="SearchPath">Directories separated by colons, ended by NUL.</param>
/// <param name="Processors">The number of processors that the daemon may use.</param>
/// <param name="User">The user that the daemon is.</param>
/// <param name="NotifyDirectory">
/// The directory of the files of notify sockets, ended by NUL; null for abstract ones.
/// </param>
internal sealed unsafe class SharedLaunchData(
    byte** variables, byte* searchPath, int processors, uint user, byte* notifyDirectory)
{
    public byte** Variables => variables;

    public byte* SearchPath => searchPath;

    public int Processors => processors;

    public uint User => user;

    public byte* NotifyDirectory => notifyDirectory;

    public bool HasNotifyDirectory => notifyDirectory != null;

    /// <summary>The same, without its NUL.</summary>
    public ReadOnlySpan<byte> NotifyDirectoryText =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(notifyDirectory);

    /// <summary>The number of variables.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            while (variables[count] != null)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>True if a variable has this name, which ends in <c>=</c>.</summary>
    public static bool IsNamed(byte* variable, ReadOnlySpan<byte> name) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(variable).StartsWith(name);
}

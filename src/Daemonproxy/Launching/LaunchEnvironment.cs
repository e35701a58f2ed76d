using System;
using System.Runtime.InteropServices;

namespace Daemonproxy.Launching;

/// <summary>
/// What every launch shares: the environment the daemon was started with, where programs are searched, and how many
/// processors there are.
/// </summary>
/// <param name="Variables">The variables as the kernel gave them, ended by NULL.</param>
/// <param name="SearchPath">Directories separated by colons, ended by NUL.</param>
/// <param name="Processors">How many processors the daemon may use.</param>
internal sealed unsafe class LaunchEnvironment(byte** variables, byte* searchPath, int processors)
{
    public byte** Variables => variables;

    public byte* SearchPath => searchPath;

    public int Processors => processors;

    /// <summary>How many variables there are.</summary>
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

    /// <summary>Whether a variable has this name, which ends in <c>=</c>.</summary>
    public static bool IsNamed(byte* variable, ReadOnlySpan<byte> name) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(variable).StartsWith(name);
}

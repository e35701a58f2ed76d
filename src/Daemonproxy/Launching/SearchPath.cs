using System;

namespace Daemonproxy.Launching;

/// <summary>
/// The search path of programs: the daemon's PATH, or the C library's default.
/// </summary>
internal static unsafe class SearchPath
{
    private static ReadOnlySpan<byte> Variable => "PATH="u8;

    // The literal is followed by the NUL that is in it, and lives in the program's read-only data.
    private static ReadOnlySpan<byte> Default => "/bin:/usr/bin\0"u8;

    /// <summary>Directories separated by colons, ended by NUL.</summary>
    public static byte* Find(byte** environment)
    {
        for (byte** variable = environment; *variable != null; variable++)
        {
            if (SharedLaunchData.IsNamed(*variable, Variable))
            {
                return *variable + Variable.Length;
            }
        }

        fixed (byte* path = Default)
        {
            return path;
        }
    }
}

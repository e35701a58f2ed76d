// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file.
namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>The fields of a line of /proc/self/mountinfo, proc_pid_mountinfo(5).</summary>
internal static unsafe class MountInfoLine
{
    /// <summary>The number of the field with the directory of the file system that is mounted.</summary>
    public const int Root = 3;

    /// <summary>The number of the field with the path of the mount.</summary>
    public const int Place = 4;

    // Set in Prepare.
    public static byte* File;

    /// <summary>
    /// A field of a line, from 0, ended by NUL in place of what follows. Bytes that are written as a backslash and
    /// three octal digits are what they stand for.
    /// </summary>
    public static byte* Field(byte* line, int index)
    {
        for (int fields = 0; fields < index && *line != 0; line++)
        {
            fields += *line == (byte)' ' ? 1 : 0;
        }

        byte* to = line;
        byte* from = line;
        while (*from is not (0 or (byte)' '))
        {
            if (*from == (byte)'\\')
            {
                *to++ = (byte)(((from[1] - '0') << 6) | ((from[2] - '0') << 3) | (from[3] - '0'));
                from += 4;
            }
            else
            {
                *to++ = *from++;
            }
        }

        *to = 0;
        return line;
    }
}

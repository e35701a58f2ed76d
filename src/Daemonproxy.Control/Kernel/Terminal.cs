namespace Daemonproxy.Control.Kernel;

/// <summary>Properties of terminals.</summary>
internal static class Terminal
{
    /// <summary>Returns true for a terminal, isatty(3).</summary>
    public static bool Is(int descriptor) => NativeMethods.isatty(descriptor) == 1;

    /// <summary>Its columns and lines; null if it is not a terminal, or they are unknown.</summary>
    public static unsafe (int Columns, int Lines)? SizeOf(int descriptor)
    {
        // struct winsize: lines, columns, and two more.
        ushort* size = stackalloc ushort[4];
        bool isKnown = NativeMethods.ioctl(descriptor, NativeMethods.TIOCGWINSZ, size) == 0 && size[1] > 0;
        return isKnown ? (size[1], size[0]) : null;
    }
}

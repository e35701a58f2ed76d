namespace Daemonproxy.Control.Kernel;

/// <summary>What a descriptor is, if it is a terminal.</summary>
internal static class Terminal
{
    /// <summary>Whether it is one, isatty(3).</summary>
    public static bool Is(int descriptor) => NativeMethods.isatty(descriptor) == 1;

    /// <summary>Its columns and lines; null if it is none, or does not know.</summary>
    public static unsafe (int Columns, int Lines)? SizeOf(int descriptor)
    {
        // struct winsize: lines, columns, and two more.
        ushort* size = stackalloc ushort[4];
        bool isKnown = NativeMethods.ioctl(descriptor, NativeMethods.TIOCGWINSZ, size) == 0 && size[1] > 0;
        return isKnown ? (size[1], size[0]) : null;
    }
}

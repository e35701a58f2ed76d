using Daemonproxy.Kernels;

namespace Daemonproxy.Fds;

/// <summary>Which of the descriptors 0, 1 and 2 the daemon was started with.</summary>
internal readonly record struct StandardFds(bool HasInput, bool HasOutput, bool HasError)
{
    /// <summary>
    /// Looks, and opens those that are closed on /dev/null, before anything else is opened: what came to stand there
    /// would be taken for standard input, output or error.
    /// </summary>
    public static StandardFds Settle(Kernel kernel)
    {
        StandardFds found = new(IsOpen(kernel, 0), IsOpen(kernel, 1), IsOpen(kernel, 2));
        for (int number = 0; number <= 2; number++)
        {
            if (!IsOpen(kernel, number))
            {
                // The lowest that is closed is the one that the kernel hands out.
                kernel.Open("/dev/null\0"u8, OpenMode.Read | OpenMode.Write, out _);
            }
        }

        return found;
    }

    private static bool IsOpen(Kernel kernel, int number) =>
        kernel.Identify(new FdNumber(number), out _) == Errno.None;
}

using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>
/// Closes descriptors, and keeps 0, 1 and 2 open on /dev/null: otherwise the next descriptor of the daemon would get
/// such a number, be mistaken for a standard stream, and stay open when a resume closes unrecorded descriptors.
/// </summary>
internal static class StandardDescriptors
{
    private const int Last = 2;

    /// <summary>Closes a descriptor; /dev/null takes the place of a standard one.</summary>
    public static void CloseKeepingStandard(this SystemCalls kernel, FdNumber fd)
    {
        kernel.Close(fd);
        if (fd.Value <= Last)
        {
            Fill(kernel, isInit: false);
        }
    }

    /// <summary>
    /// Opens /dev/null under each of the three that is closed; returns a bit for each of these. At the start of process
    /// 1, one is made where there is none.
    /// </summary>
    public static int Fill(SystemCalls kernel, bool isInit)
    {
        int closed = 0;
        for (int number = 0; number <= Last; number++)
        {
            if (kernel.Identify(new FdNumber(number), out _) != Errno.None)
            {
                closed |= 1 << number;
                _ = NullDevice.OpenFirst(kernel, OpenMode.Read | OpenMode.Write, isInit);
            }
        }

        return closed;
    }
}

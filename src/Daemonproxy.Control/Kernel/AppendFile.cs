using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Control.Kernel;

/// <summary>Files that are written at their end, also with other writers: O_APPEND, which .NET does not use.</summary>
internal static class AppendFile
{
    private const int Mode = 0x1A4; // 0644, less the umask

    /// <summary>Opens a file, and creates it if it does not exist.</summary>
    /// <exception cref="IOException">The kernel refused it.</exception>
    public static unsafe SafeFileHandle Open(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            int file = NativeMethods.open(
                name,
                NativeMethods.O_WRONLY | NativeMethods.O_CREAT | NativeMethods.O_APPEND | NativeMethods.O_CLOEXEC,
                Mode);
            return file >= 0
                ? new SafeFileHandle(file, ownsHandle: true)
                : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastSystemError()));
        }
    }
}

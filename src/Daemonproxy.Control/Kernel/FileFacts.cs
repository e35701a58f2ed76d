using System.Text;

namespace Daemonproxy.Control.Kernel;

/// <summary>Owner, mode and identity of a file, statx(2), which .NET does not return.</summary>
internal readonly record struct FileFacts(int Owner, int Mode, ulong Inode)
{
    private const int CurrentFolder = -100;
    private const uint BasicFacts = 0x7FF;
    private const int ResultBytes = 256;
    private const int OwnerAt = 20;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int Permissions = 0xFFF;
    private const int KindOfFile = 0xF000;
    private const int Socket = 0xC000;

    /// <summary>True if it is a unix socket.</summary>
    public bool IsSocket { get; init; }

    /// <summary>The facts of a file; null if they cannot be read.</summary>
    public static unsafe FileFacts? Of(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        byte* result = stackalloc byte[ResultBytes];
        fixed (byte* start = name)
        {
            if (NativeMethods.statx(CurrentFolder, start, 0, BasicFacts, result) != 0)
            {
                return null;
            }
        }

        int mode = *(ushort*)(result + ModeAt);
        return new FileFacts(*(int*)(result + OwnerAt), mode & Permissions, *(ulong*)(result + InodeAt))
        {
            IsSocket = (mode & KindOfFile) == Socket,
        };
    }
}

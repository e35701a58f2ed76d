using System.Text;

namespace Daemonproxy.Control.Kernel;

/// <summary>Whose file it is and who may use it, statx(2); .NET does not tell the owner.</summary>
internal readonly record struct FileFacts(int Owner, int Mode)
{
    private const int CurrentFolder = -100;
    private const uint BasicFacts = 0x7FF;
    private const int ResultBytes = 256;
    private const int OwnerAt = 20;
    private const int ModeAt = 28;
    private const int Permissions = 0xFFF;

    /// <summary>The facts of a file; null if it cannot be looked at.</summary>
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

        return new FileFacts(*(int*)(result + OwnerAt), *(ushort*)(result + ModeAt) & Permissions);
    }
}

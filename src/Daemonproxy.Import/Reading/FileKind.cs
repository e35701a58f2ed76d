using System.Text;

namespace Daemonproxy.Import.Reading;

/// <summary>The kinds of files at a path, statx(2); links are followed.</summary>
internal enum FileKind
{
    Missing,
    Regular,
    Directory,
    Other,
}

/// <summary>Checks paths.</summary>
internal static class FileKinds
{
    private const int CurrentFolder = -100;
    private const uint BasicFacts = 0x7FF;
    private const int ResultBytes = 256;
    private const int ModeAt = 28;
    private const int KindMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Folder = 0x4000;
    private const int AnyExecute = 0x49;

    public static FileKind Of(string path) => (ModeOf(path) & KindMask) switch
    {
        null => FileKind.Missing,
        RegularFile => FileKind.Regular,
        Folder => FileKind.Directory,
        _ => FileKind.Other,
    };

    /// <summary>Returns true for a file with an execute permission.</summary>
    public static bool IsExecutable(string path) =>
        ModeOf(path) is { } mode && (mode & KindMask) == RegularFile && (mode & AnyExecute) != 0;

    private static unsafe int? ModeOf(string path)
    {
        byte[] name = Encoding.UTF8.GetBytes(path + '\0');
        byte* result = stackalloc byte[ResultBytes];
        fixed (byte* start = name)
        {
            return NativeMethods.statx(CurrentFolder, start, 0, BasicFacts, result) == 0
                ? *(ushort*)(result + ModeAt)
                : null;
        }
    }
}

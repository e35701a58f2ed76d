// Runs in a cloned child that shares our memory and runs beside us: see LaunchChild.cs.
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Reads the beginning of a file that the kernel did not execute, as execve(2) does, to find the reason.
/// </summary>
internal static unsafe class ExecRefusal
{
    // The bytes that the kernel reads of a file to find its format (BINPRM_BUF_SIZE).
    private const int HeadBytes = 256;

    // A text has no NUL among so many bytes. POSIX has no number; shells look at 80 to 128 bytes.
    private const int TextBytes = 128;

    // elf(5), of 64 bits and in the order of bytes of this machine.
    private const uint ElfMagic = 0x464C457F;
    private const int ProgramHeadersAt = 32;
    private const int ProgramHeaderBytes = 56;
    private const int ElfHeaderBytes = 64;
    private const uint PT_INTERP = 3;

    /// <summary>
    /// True if a file that has no format which the kernel knows is a script: it can be read, does not begin as ELF, and
    /// its beginning has no NUL.
    /// </summary>
    public static bool IsScript(byte* file)
    {
        byte* head = stackalloc byte[HeadBytes];
        int fd = RawCalls.OpenToRead(file);
        nint count = fd < 0 ? -1 : RawCalls.ReadAt(fd, head, HeadBytes, 0);
        RawCalls.Close(fd);
        if (count < 0 || (count >= sizeof(uint) && *(uint*)head == ElfMagic))
        {
            return false;
        }

        for (int i = 0; i < count && i < TextBytes; i++)
        {
            if (head[i] == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Copies the interpreter that a file names, in the line <c>#!</c> or as an ELF program, into the room for a
    /// subject; that stays empty if there is no such file, or it names none.
    /// </summary>
    public static void FindInterpreter(byte* file, byte* into)
    {
        // The byte behind what was read stays 0.
        byte* head = stackalloc byte[HeadBytes + 1];
        int fd = RawCalls.OpenToRead(file);
        if (fd < 0)
        {
            return;
        }

        for (int i = 0; i <= HeadBytes; i++)
        {
            head[i] = 0;
        }

        nint count = RawCalls.ReadAt(fd, head, HeadBytes, 0);
        if (count > 2 && head[0] == (byte)'#' && head[1] == (byte)'!')
        {
            CopyWord(head + 2, into);
        }
        else if (count > ElfHeaderBytes && *(uint*)head == ElfMagic)
        {
            FindLoader(fd, head, count, into);
        }

        RawCalls.Close(fd);
    }

    /// <summary>Copies a text, cut if it is too long, and ends it with a NUL.</summary>
    public static void Copy(byte* from, byte* into)
    {
        int length = 0;
        while (length < LaunchReport.SubjectBytes - 1 && from[length] != 0)
        {
            into[length] = from[length];
            length++;
        }

        into[length] = 0;
    }

    // The loader of a dynamic program; its program headers usually lie right behind the header of the file.
    private static void FindLoader(int fd, byte* head, nint count, byte* into)
    {
        long at = *(long*)(head + ProgramHeadersAt);
        for (; at >= ElfHeaderBytes && at + ProgramHeaderBytes <= count; at += ProgramHeaderBytes)
        {
            if (*(uint*)(head + at) == PT_INTERP)
            {
                long offset = *(long*)(head + at + sizeof(long));
                nint read = RawCalls.ReadAt(fd, into, LaunchReport.SubjectBytes - 1, offset);
                into[read > 0 ? read : 0] = 0;
                return;
            }
        }
    }

    // A carriage return is part of the word: that is why such an interpreter is not found.
    private static void CopyWord(byte* line, byte* into)
    {
        while (*line is (byte)' ' or (byte)'\t')
        {
            line++;
        }

        int length = 0;
        while (length < LaunchReport.SubjectBytes - 1
            && line[length] is not (0 or (byte)' ' or (byte)'\t' or (byte)'\n'))
        {
            into[length] = line[length];
            length++;
        }

        into[length] = 0;
    }
}

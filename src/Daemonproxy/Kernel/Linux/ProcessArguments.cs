using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel.SignalSafe;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The arguments and the environment as the C library has them when it starts the program, byte for byte: the strings
/// that a managed Main is given have lost what is not UTF-8. before_main.c keeps them.
/// </summary>
internal readonly unsafe struct ProcessArguments
{
    /// <summary>The words of <c>ld.so OPTIONS PROGRAM</c> are looked for among so many bytes.</summary>
    private const int LoaderTextBytes = 64 * 1024;
    private const int MostLoaderWords = 64;

    /// <summary>argv, which ends in NULL.</summary>
    public readonly byte** Arguments;

    public readonly int ArgumentCount;

    /// <summary>envp, which ends in NULL.</summary>
    public readonly byte** Environment;

    /// <summary>
    /// The file name that was given to execve(2); <c>/dev/fd/N</c> after an execveat(2) of descriptor N.
    /// </summary>
    public readonly byte* FileName;

    /// <summary>
    /// When the dynamic loader was executed with this program as an argument, ld.so(8): the loader's own words, from
    /// its name to the path of this program. The loader has taken them out of argv.
    /// </summary>
    public readonly byte** LoaderWords;

    /// <summary>0 when the program was executed itself, and when /proc is not mounted.</summary>
    public readonly int LoaderWordCount;

    /// <summary>True when the file that was executed is the dynamic loader.</summary>
    public readonly bool IsRunByLoader;

    /// <summary>True when that is so, and its words are not known.</summary>
    public bool IsLoaderUnknown => IsRunByLoader && LoaderWordCount == 0;

    /// <summary>
    /// The file to execute again: the one that was executed; the program itself when the loader's words are not known.
    /// </summary>
    public byte* ProgramPath => IsLoaderUnknown ? Arguments[0] : FileName;

    private ProcessArguments(BeforeMainData* start)
    {
        Arguments = start->Arguments;
        ArgumentCount = (int)start->ArgumentCount;
        Environment = start->Environment;
        FileName = (byte*)NativeMethods.getauxval(NativeMethods.AT_EXECFN);
        IsRunByLoader = start->IsRunByLoader != 0;
        RaisedLimits.Begin(&start->Limits);
        MappedMemory.IsCheck = ResumeArguments.IsCheck(this);
        if (IsRunByLoader)
        {
            LoaderWords = (byte**)MappedMemory.Map((MostLoaderWords * sizeof(byte*)) + LoaderTextBytes, guarded: false);
            LoaderWordCount = ReadLoaderWords(ArgumentCount - 1, LoaderWords);
        }
    }

    /// <summary>True if one of the arguments is this word.</summary>
    public bool HasWord(ReadOnlySpan<byte> word)
    {
        for (int at = 1; at < ArgumentCount; at++)
        {
            if (MemoryMarshal.CreateReadOnlySpanFromNullTerminated(Arguments[at]).SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The vectors of this process. To be called first: until then the C library has no environment.</summary>
    public static ProcessArguments Take() => new(daemonproxy_start());

    /// <summary>The value of a variable of the environment, whose name ends in <c>=</c>; empty without it.</summary>
    public ReadOnlySpan<byte> Variable(ReadOnlySpan<byte> name)
    {
        for (byte** variable = Environment; *variable != null; variable++)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*variable);
            if (text.StartsWith(name))
            {
                return text[name.Length..];
            }
        }

        return default;
    }

    [DllImport("daemonproxy-start"), SuppressGCTransition]
    private static extern BeforeMainData* daemonproxy_start();

    // All but the last words of /proc/self/cmdline, which are our own arguments; 0 when they cannot be found.
    private static int ReadLoaderWords(int ownArguments, byte** words)
    {
        byte* text = (byte*)(words + MostLoaderWords);
        int fd = open(MappedMemory.Constant("/proc/self/cmdline"u8), O_RDONLY | O_CLOEXEC, 0);
        if (fd < 0)
        {
            return 0;
        }

        int first = (int)NativeMethods.read(fd, text, LoaderTextBytes);
        int count = CountWords(text, first);
        byte* more = stackalloc byte[4096];
        for (int bytes = first; bytes > 0;)
        {
            bytes = (int)NativeMethods.read(fd, more, 4096);
            count += CountWords(more, bytes);
        }

        _ = close(fd);
        int loaderWords = count - ownArguments;
        if (loaderWords < 2 || loaderWords > MostLoaderWords || CountWords(text, first) < loaderWords)
        {
            return 0;
        }

        for (int word = 0; word < loaderWords; word++)
        {
            words[word] = text;
            while (*text++ != 0)
            {
            }
        }

        return loaderWords;
    }

    private static int CountWords(byte* text, int bytes)
    {
        int count = 0;
        for (int at = 0; at < bytes; at++)
        {
            count += text[at] == 0 ? 1 : 0;
        }

        return count;
    }

    /// <summary>The record that before_main.c fills in.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct BeforeMainData
    {
        public byte** Arguments;
        public byte** Environment;
        public nint ArgumentCount;
        public nint IsRunByLoader;
        public SavedLimits Limits;
    }
}

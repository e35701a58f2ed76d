namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The arguments and the environment as the kernel laid them down, byte for byte: the strings that Main is given have
/// lost what is not UTF-8, and /proc may not be mounted. See the System V ABI, "Process Initialization": at the bottom
/// of the main thread's stack lie, upwards, argc, argv, NULL, envp, NULL, the auxiliary vector, and above it what
/// these point to, the file name of AT_EXECFN last. The 16 bytes of AT_RANDOM come first from Linux, and after the
/// texts from programs that load programs (valgrind).
/// </summary>
internal readonly unsafe struct InitialStack
{
    /// <summary>No type of the auxiliary vector is higher, and no pointer as low.</summary>
    private const nuint HighestType = 4095;

    /// <summary>argv, which ends in NULL.</summary>
    public readonly byte** Arguments;

    public readonly int ArgumentCount;

    /// <summary>envp, which ends in NULL.</summary>
    public readonly byte** Environment;

    /// <summary>
    /// The file name that was given to execve(2); <c>/dev/fd/N</c> after an execveat(2) of descriptor N.
    /// </summary>
    public readonly byte* FileName;

    private InitialStack(nuint* arguments, nuint count, nuint* environment, nuint fileName)
    {
        Arguments = (byte**)arguments;
        ArgumentCount = (int)count;
        Environment = (byte**)environment;
        FileName = (byte*)fileName;
    }

    /// <summary>
    /// Finds it; to be called on the main thread. The search goes downwards from AT_RANDOM, which lies above the
    /// auxiliary vector, and ends at this method's own frame at the latest, so it reads nothing but the stack. Every
    /// step is checked; false if one does not hold.
    /// </summary>
    public static bool TryFind(out InitialStack stack)
    {
        nuint here = 0;
        nuint* lowest = &here;
        nuint random = NativeMethods.getauxval(NativeMethods.AT_RANDOM);
        nuint fileName = NativeMethods.getauxval(NativeMethods.AT_EXECFN);
        stack = default;
        if (random <= (nuint)lowest || fileName <= random)
        {
            return false;
        }

        // The entry of AT_EXECFN, then downwards to the first entry, then over the pointers of envp and of argv.
        nuint* word = (nuint*)(random & ~(nuint)7);
        do
        {
            word--;
        }
        while (word > lowest && !(word[0] == NativeMethods.AT_EXECFN && word[1] == fileName));

        while (word - 2 > lowest && word[-2] is > 0 and <= HighestType)
        {
            word -= 2;
        }

        nuint* environment = Pointers(word, lowest, fileName);
        nuint* arguments = environment == null ? null : Pointers(environment, lowest, fileName);
        if (arguments == null || arguments - 1 <= lowest || arguments[-1] != (nuint)(environment - arguments - 1)
            || arguments[-1] == 0)
        {
            return false;
        }

        stack = new InitialStack(arguments, arguments[-1], environment, fileName);
        return true;
    }

    // The first of the pointers that end, with a NULL, below the given word; null if there is no such NULL.
    private static nuint* Pointers(nuint* above, nuint* lowest, nuint fileName)
    {
        nuint* first = above - 1;
        if (first <= lowest || *first != 0)
        {
            return null;
        }

        // What they point to lies above all vectors, while argc, below argv, is a small number.
        while (first - 1 > lowest && first[-1] > (nuint)above && first[-1] < fileName)
        {
            first--;
        }

        return first;
    }
}

// Runs in a cloned child, beside us: the conditions in SignalSafeCalls.cs hold for all of this file, and it calls
// nothing but RawCalls, since errno may be the parent's, too.
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.SignalSafe;

/// <summary>
/// Reads arguments and changes of the environment from descriptors: texts, each with a NUL behind it. The child has
/// memory of its own, and takes what it needs from the end of the heap, brk(2).
/// </summary>
internal static unsafe class ArgumentsFromFd
{
    /// <summary>The most bytes that are read from one descriptor.</summary>
    public const int MostBytes = 128 * 1024;

    // Set in Prepare.
    public static byte* DefaultPath;

    /// <summary>Reads what the settings ask for, and puts it into the plan.</summary>
    public static Errno Read(LaunchPlan* plan)
    {
        LaunchSettings* settings = plan->Settings;
        Errno reason = Errno.None;
        if (settings->ArgumentsFromName != null)
        {
            settings->Subject = settings->ArgumentsFromName;
            reason = ReadArguments(plan, settings->ArgumentsFrom);
        }

        if (reason == Errno.None && settings->EnvironmentFromName != null)
        {
            settings->Subject = settings->EnvironmentFromName;
            reason = ReadEnvironment(plan, settings->EnvironmentFrom);
        }

        return reason;
    }

    // One free place stands before argv, for the shell.
    private static Errno ReadArguments(LaunchPlan* plan, int fd)
    {
        Errno reason = ReadTexts(fd, out byte* text, out int texts);
        byte** arguments = null;
        reason = reason == Errno.None ? Take((texts + 3) * sizeof(byte*), out arguments) : reason;
        if (reason != Errno.None)
        {
            return reason;
        }

        plan->Arguments = ++arguments;
        *arguments = text;
        for (int index = 0; index < texts; index++)
        {
            *arguments++ = text;
            text = Behind(text);
        }

        // Without a text there is an empty name, which no program has.
        arguments += texts == 0 ? 1 : 0;
        *arguments = null;
        return Errno.None;
    }

    private static Errno ReadEnvironment(LaunchPlan* plan, int fd)
    {
        Errno reason = ReadTexts(fd, out byte* text, out int texts);
        int count = 0;
        while (plan->Environment[count] != null)
        {
            count++;
        }

        byte** variables = null;
        reason = reason == Errno.None ? Take((count + texts + 1) * sizeof(byte*), out variables) : reason;
        if (reason != Errno.None)
        {
            return reason;
        }

        for (int index = 0; index < count; index++)
        {
            variables[index] = plan->Environment[index];
        }

        for (int index = 0; index < texts; index++)
        {
            if (*text is 0 or (byte)'=')
            {
                return Errno.EINVAL;
            }

            count = Remove(variables, count, text);
            if (Sets(text))
            {
                variables[count++] = text;
            }

            text = Behind(text);
        }

        variables[count] = null;
        plan->Environment = variables;
        plan->SearchPath = FindPath(variables);
        return Errno.None;
    }

    // Reads a whole file, with a NUL at its end; returns the number of texts.
    private static Errno ReadTexts(int fd, out byte* text, out int texts)
    {
        texts = 0;
        Errno reason = Take(MostBytes + 2, out byte** room);
        text = (byte*)room;
        int filled = 0;
        nint read = fd < 0 ? -(int)Errno.EBADF : 1;
        while (reason == Errno.None && read > 0 && filled <= MostBytes)
        {
            read = RawCalls.ReadAt(fd, text + filled, MostBytes + 1 - filled, filled);
            filled += read > 0 ? (int)read : 0;
            read = read == -(int)Errno.EINTR ? 1 : read;
        }

        reason = reason == Errno.None ? RawCalls.ReasonOf(read) : reason;
        if (reason != Errno.None || filled > MostBytes)
        {
            return reason != Errno.None ? reason : Errno.E2BIG;
        }

        if (filled == 0 || text[filled - 1] != 0)
        {
            texts = filled == 0 ? 0 : 1;
            text[filled] = 0;
        }

        for (int at = 0; at < filled; at++)
        {
            texts += text[at] == 0 ? 1 : 0;
        }

        return Errno.None;
    }

    private static Errno Take(int bytes, out byte** memory)
    {
        const int Alignment = 16;
        nint end = RawCalls.Call(RawCalls.Number(12, 214), 0, 0, 0, 0, 0);
        nint start = (end + Alignment - 1) & -Alignment;
        memory = (byte**)start;
        nint wanted = start + bytes;
        return RawCalls.Call(RawCalls.Number(12, 214), wanted, 0, 0, 0, 0) == wanted ? Errno.None : Errno.ENOMEM;
    }

    private static byte* Behind(byte* text)
    {
        while (*text != 0)
        {
            text++;
        }

        return text + 1;
    }

    private static bool Sets(byte* change)
    {
        while (*change is not (0 or (byte)'='))
        {
            change++;
        }

        return *change != 0;
    }

    // Removes the variables that a change names; how many are left.
    private static int Remove(byte** variables, int count, byte* change)
    {
        int kept = 0;
        for (int index = 0; index < count; index++)
        {
            if (!IsSameName(variables[index], change))
            {
                variables[kept++] = variables[index];
            }
        }

        return kept;
    }

    private static bool IsSameName(byte* variable, byte* change)
    {
        while (*variable == *change && *variable is not (0 or (byte)'='))
        {
            variable++;
            change++;
        }

        return (*variable is 0 or (byte)'=') && (*change is 0 or (byte)'=');
    }

    private static byte* FindPath(byte** variables)
    {
        for (; *variables != null; variables++)
        {
            byte* at = *variables;
            if (at[0] == (byte)'P' && at[1] == (byte)'A' && at[2] == (byte)'T' && at[3] == (byte)'H'
                && at[4] == (byte)'=')
            {
                return at + 5;
            }
        }

        return DefaultPath;
    }
}

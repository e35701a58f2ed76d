using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel.Linux;

/// <summary>
/// The arguments that a program gets before its own when it resumes an image: <c>--resume IMAGE</c> after a crash,
/// <c>--ready FD --resume IMAGE</c> when it was sent into the background. In this order, so that nothing among its own
/// arguments can be taken for it.
/// </summary>
internal static unsafe class ResumeArguments
{
    /// <summary>Room for a number of 32 bits in decimal, and a NUL.</summary>
    private const int NumberBytes = 16;

    /// <summary>The words that each option takes, and the most that are put before the arguments.</summary>
    private const int OptionWords = 2;
    private const int MostWords = 2 * OptionWords;

    /// <summary>Standard input, output and error.</summary>
    public const int StandardStreams = 3;

    /// <summary>The arguments of a program that is only asked: its name, the option, and a number.</summary>
    private const int QuestionWords = 3;

    /// <summary>The same as release 0.1 gives them: its own descriptors follow.</summary>
    private const int FirstQuestionWords = QuestionWords + StandardStreams;

    /// <summary>The word before the number of the image's descriptor.</summary>
    public static ReadOnlySpan<byte> ResumeOption => "--resume"u8;

    /// <summary>The option with the number of the descriptor that is notified when the program is ready.</summary>
    public static ReadOnlySpan<byte> ReadyOption => "--ready"u8;

    /// <summary>The word before the number of the image's descriptor when it is only asked whether it can.</summary>
    public static ReadOnlySpan<byte> CheckOption => "--check"u8;

    /// <summary>True if the program was started only to check whether it can resume an image.</summary>
    public static bool IsCheck(in ProcessArguments vectors) => Is(vectors, 1, CheckOption);

    /// <summary>The descriptor of the image it is asked about; none when it is no number above 2.</summary>
    public static FdNumber CheckedImageOf(in ProcessArguments vectors) => NumberAt(vectors, 1);

    /// <summary>The daemon's descriptor for this standard stream; none if the arguments do not name it.</summary>
    public static FdNumber StandardOf(in ProcessArguments vectors, int stream) =>
        vectors.ArgumentCount == FirstQuestionWords ? NumberAt(vectors, 2 + stream) : FdNumber.None;

    /// <summary>True if the program was started after a crash, or as the daemon in the background.</summary>
    public static bool IsResumed(in ProcessArguments vectors) => ResumeAt(vectors) > 0;

    /// <summary>The descriptor of the image to resume; none when there is none, or it is no number above 2.</summary>
    public static FdNumber ImageOf(in ProcessArguments vectors) => NumberAt(vectors, ResumeAt(vectors));

    /// <summary>The descriptor to notify when the program is ready; none if no process waits for that.</summary>
    public static FdNumber ReadyOf(in ProcessArguments vectors) =>
        NumberAt(vectors, ResumeAt(vectors) > 1 ? ResumeAt(vectors) - OptionWords : 0);

    /// <summary>The descriptor that a decimal number is; none for anything else.</summary>
    public static FdNumber ReadNumber(byte* text)
    {
        int number = 0;
        do
        {
            if (*text is < (byte)'0' or > (byte)'9' || number >= int.MaxValue / 10)
            {
                return FdNumber.None;
            }

            number = (number * 10) + (*text++ - '0');
        }
        while (*text != 0);
        return new FdNumber(number);
    }

    // The bytes that WriteArguments needs: every argument, a NULL, and the numbers.
    public static int ArgumentBytes(in ProcessArguments vectors) =>
        ((vectors.LoaderWordCount + vectors.ArgumentCount + MostWords + 1) * sizeof(byte*)) + (2 * NumberBytes);

    // The bytes that WriteQuestion needs.
    public static int QuestionBytes(in ProcessArguments vectors) =>
        ((vectors.LoaderWordCount + QuestionWords + 1) * sizeof(byte*)) + NumberBytes;

    /// <summary>
    /// The index of the program's first argument: after the loader's words, the last of which is the path of the
    /// program.
    /// </summary>
    public static byte** WithoutLoader(in ProcessArguments vectors, byte** arguments) =>
        arguments + (vectors.LoaderWordCount > 0 ? vectors.LoaderWordCount - 1 : 0);

    // The arguments that the program had itself: those of an earlier time are left out.
    public static byte** WriteArguments(in ProcessArguments vectors, FdNumber image, FdNumber ready, byte* room)
    {
        byte** arguments = (byte**)room;
        byte* end = room + ArgumentBytes(vectors);
        WriteName(vectors, ref arguments);
        if (!ready.IsNone)
        {
            *arguments++ = MappedMemory.Constant(ReadyOption);
            *arguments++ = WriteNumber((uint)ready.Value, end - NumberBytes);
        }

        *arguments++ = MappedMemory.Constant(ResumeOption);
        *arguments++ = WriteNumber((uint)image.Value, end);
        int resume = ResumeAt(vectors);
        for (int at = resume > 0 ? resume + OptionWords : 1; at < vectors.ArgumentCount; at++)
        {
            *arguments++ = vectors.Arguments[at];
        }

        *arguments = null;
        return (byte**)room;
    }

    // The arguments of a program that checks whether it can resume the image.
    public static byte** WriteQuestion(in ProcessArguments vectors, FdNumber image, byte* room)
    {
        byte** arguments = (byte**)room;
        byte* end = room + QuestionBytes(vectors);
        WriteName(vectors, ref arguments);
        *arguments++ = MappedMemory.Constant(CheckOption);
        *arguments++ = WriteNumber((uint)image.Value, end);
        *arguments = null;
        return (byte**)room;
    }

    // argv[0]. Where the dynamic loader was executed, it has to be executed again, and in the same way.
    private static void WriteName(in ProcessArguments vectors, ref byte** arguments)
    {
        for (int word = 0; word < vectors.LoaderWordCount; word++)
        {
            *arguments++ = vectors.LoaderWords[word];
        }

        if (vectors.LoaderWordCount == 0)
        {
            *arguments++ = vectors.Arguments[0];
        }
    }

    // The index of --resume; 0 if it is absent.
    private static int ResumeAt(in ProcessArguments vectors)
    {
        int at = Is(vectors, 1, ReadyOption) ? 1 + OptionWords : 1;
        return Is(vectors, at, ResumeOption) ? at : 0;
    }

    // Returns true for an option with a word after it.
    private static bool Is(in ProcessArguments vectors, int at, ReadOnlySpan<byte> option)
    {
        if (at + 1 >= vectors.ArgumentCount)
        {
            return false;
        }

        byte* argument = vectors.Arguments[at];
        foreach (byte wanted in option)
        {
            if (*argument++ != wanted)
            {
                return false;
            }
        }

        return *argument == 0;
    }

    // The value of an option, if it is present and a descriptor above the standard ones.
    private static FdNumber NumberAt(in ProcessArguments vectors, int option)
    {
        FdNumber fd = option > 0 ? ReadNumber(vectors.Arguments[option + 1]) : FdNumber.None;
        return fd.Value > 2 ? fd : FdNumber.None;
    }

    // Backwards from the end of its room. The framework's own formatting would bring in cultures, 60 KB of them.
    private static byte* WriteNumber(uint value, byte* end)
    {
        *--end = 0;
        do
        {
            *--end = (byte)('0' + (value % 10));
            value /= 10;
        }
        while (value != 0);
        return end;
    }
}

using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Arguments that a child reads from a descriptor. Of an environment only the descriptor counts.</summary>
internal sealed unsafe partial class SimKernel
{
    // What the child does in step `texts`; the name of the descriptor that it failed at.
    private Errno ReadTexts(scoped ref LaunchPlan plan, SimProcess process, out ReadOnlySpan<byte> subject)
    {
        subject = default;
        if ((plan.Steps & (1u << (int)LaunchStep.Texts)) == 0)
        {
            return Errno.None;
        }

        Errno reason = Errno.None;
        LaunchSettings* settings = plan.Settings;
        if (settings->ArgumentsFromName != null)
        {
            subject = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(settings->ArgumentsFromName);
            reason = FindTexts(settings->ArgumentsFrom, out ReadOnlySpan<byte> texts);
            if (reason == Errno.None)
            {
                plan.Arguments = MakeArguments(texts, process);
            }
        }

        if (reason == Errno.None && settings->EnvironmentFromName != null)
        {
            subject = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(settings->EnvironmentFromName);
            reason = FindTexts(settings->EnvironmentFrom, out _);
        }

        return reason;
    }

    private Errno FindTexts(int fd, out ReadOnlySpan<byte> texts)
    {
        SimFile? file = fd < 0 ? null : FileOf(new FdNumber(fd));
        texts = file is SimRegular regular ? regular.Node.Contents[..regular.Node.Length] : default;
        return file is null ? Errno.EBADF : file is SimRegular ? Errno.None : Errno.ESPIPE;
    }

    // A few bytes for each start of a test.
    private static byte** MakeArguments(ReadOnlySpan<byte> texts, SimProcess process)
    {
        texts = texts.TrimEnd((byte)0);
        byte* copy = (byte*)NativeMemory.AllocZeroed((nuint)texts.Length + 1);
        texts.CopyTo(new Span<byte>(copy, texts.Length));
        byte** arguments = (byte**)NativeMemory.AllocZeroed((nuint)texts.Length + 4, (nuint)sizeof(byte*));
        int count = 1;
        process.ClearArguments();
        foreach (Range range in texts.Split((byte)0))
        {
            arguments[count++] = copy + range.Start.Value;
            process.AddArgument(texts[range]);
        }

        return arguments + 1;
    }
}

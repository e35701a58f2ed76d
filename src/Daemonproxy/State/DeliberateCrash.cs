using System;
using System.Runtime.CompilerServices;
using Daemonproxy.Protocol;

namespace Daemonproxy.State;

/// <summary>
/// Crashes as a bug of ours would, for tests. Unsafe on purpose: reached only by debug.crash, which has to be allowed
/// at start.
/// </summary>
internal static unsafe class DeliberateCrash
{
    // No process of ours has anything there.
    private const long Nowhere = 0x7777_7777_7770;

    public static void Do(CrashKind kind)
    {
        switch (kind)
        {
            case CrashKind.Wild:
                *(int*)Nowhere = 1;
                break;
            case CrashKind.Null:
                *(int*)8 = 1;
                break;
            case CrashKind.Overflow:
                Overflow(0);
                break;
            case CrashKind.Throw:
                throw new InvalidOperationException();
            default:
                Assertion.Require(kind == CrashKind.Wild);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Overflow(int depth)
    {
        byte* frame = stackalloc byte[4096];
        frame[depth & 4095] = 1;
        return Overflow(depth + 1) + frame[(depth + 1) & 4095];
    }
}

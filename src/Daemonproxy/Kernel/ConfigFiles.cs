using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Kernel;

/// <summary>Opens configs at the start, on whatever file system they are.</summary>
internal static unsafe class ConfigFiles
{
    /// <summary>
    /// Opens a config, at most for as long as a helper may take. A fifo does not wait for its writer, who may come
    /// later: what is written is read as it comes.
    /// </summary>
    /// <param name="kernel">The system calls.</param>
    /// <param name="path">The path, with a NUL behind it.</param>
    public static HelperAnswer Open(SystemCalls kernel, ReadOnlySpan<byte> path)
    {
        HelperPlan plan = new() { Task = HelperTask.Open, Mode = OpenMode.Read | OpenMode.Nonblocking };
        plan.Answer.Fd = FdNumber.None;
        fixed (byte* text = path)
        {
            plan.Path = text;
            kernel.DoPlan(ref plan);
        }

        return plan.Answer;
    }
}

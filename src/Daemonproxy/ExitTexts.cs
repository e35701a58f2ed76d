using System;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;

namespace Daemonproxy;

/// <summary>What the log says about the program that is executed instead of exiting.</summary>
internal static class ExitTexts
{
    public static void Executing(ref EventLine line, ReadOnlySpan<byte> args)
    {
        line.Text("daemonproxy exec_on_exit to '"u8);
        line.Text(ExitProgram.ProgramOf(args));
        line.Text("'"u8);
    }

    public static void CannotExecute(ref EventLine line, ReadOnlySpan<byte> args, Errno reason)
    {
        line.Text("Unable to exec \""u8);
        line.Text(ExitProgram.ProgramOf(args));
        line.Text("\": "u8);
        line.Errno(reason);
    }
}

using System;
using System.Runtime.InteropServices;
using System.Text;

namespace Daemonproxy.Control.Kernel;

/// <summary>Another program in the place of this one: execvp(3).</summary>
/// <remarks>
/// Conditions. Each text is copied to memory outside the heap, ends in a NUL, and is never freed: this program is
/// either replaced, or ends with an error. The array of pointers ends in a null. .NET opens all its files with
/// O_CLOEXEC.
/// </remarks>
internal static unsafe class Replacement
{
    /// <summary>Executes a program in this process; returns only on failure.</summary>
    /// <param name="file">A path, or a name that is searched in PATH.</param>
    /// <param name="arguments">Its arguments, argument 0 among them.</param>
    /// <returns>The number of errno(3).</returns>
    public static int Become(string file, string[] arguments)
    {
        var pointers = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Length + 1, (nuint)sizeof(byte*));
        for (int i = 0; i < arguments.Length; i++)
        {
            pointers[i] = Copy(arguments[i]);
        }

        _ = NativeMethods.execvp(Copy(file), pointers);
        return Marshal.GetLastSystemError();
    }

    private static byte* Copy(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var copy = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }
}

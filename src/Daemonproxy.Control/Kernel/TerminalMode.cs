using System;
using System.Runtime.InteropServices;

namespace Daemonproxy.Control.Kernel;

/// <summary>
/// The input mode of a terminal: key by key, without echo, while ^C, ^Z and ^\ remain signals, termios(3).
/// </summary>
internal sealed class TerminalMode
{
    // struct termios of Linux, the same on x64 and arm64: four words of flags, the line discipline, control characters.
    private const int InputFlags = 0;
    private const int LocalFlags = 3;
    private const int ControlCharacters = 17;
    private const uint ICRNL = 0x100;
    private const uint IXON = 0x400;
    private const uint ICANON = 0x2;
    private const uint ECHO = 0x8;
    private const uint IEXTEN = 0x8000;
    private const int VTIME = 5;
    private const int VMIN = 6;

    private readonly byte[] _before = new byte[NativeMethods.MostTermiosBytes];

    /// <summary>Saves the mode of the terminal; false if it is not a terminal.</summary>
    public unsafe bool Save()
    {
        fixed (byte* attributes = _before)
        {
            return NativeMethods.tcgetattr(0, attributes) == 0;
        }
    }

    /// <summary>Sets the mode in which keys are passed on one by one.</summary>
    public unsafe void PassKeys()
    {
        byte[] attributes = [.. _before];
        fixed (byte* start = attributes)
        {
            uint* flags = (uint*)start;
            flags[InputFlags] &= ~(ICRNL | IXON);
            flags[LocalFlags] &= ~(ICANON | ECHO | IEXTEN);
            start[ControlCharacters + VMIN] = 1;
            start[ControlCharacters + VTIME] = 0;
            _ = NativeMethods.tcsetattr(0, NativeMethods.TCSANOW, start);
        }
    }

    /// <summary>
    /// Sets the mode again if a shell or the runtime has changed it when the job was continued.
    /// </summary>
    public unsafe void KeepPassingKeys()
    {
        byte* attributes = stackalloc byte[NativeMethods.MostTermiosBytes];
        if (NativeMethods.tcgetattr(0, attributes) == 0 && (((uint*)attributes)[LocalFlags] & (ICANON | ECHO)) != 0)
        {
            PassKeys();
        }
    }

    /// <summary>Restores the saved mode.</summary>
    public unsafe void Restore()
    {
        fixed (byte* attributes = _before)
        {
            _ = NativeMethods.tcsetattr(0, NativeMethods.TCSANOW, attributes);
        }
    }

    /// <summary>
    /// Waits for keys and reads them; 0 if none came within the time (-1 waits for ever), negative if the terminal is
    /// gone.
    /// </summary>
    public static unsafe int Read(Span<byte> keys, int milliseconds)
    {
        while (true)
        {
            NativeMethods.PollFd input = new() { Fd = 0, Events = NativeMethods.POLLIN };
            int ready = NativeMethods.poll(&input, 1, milliseconds);
            if (ready == 0)
            {
                return 0;
            }

            nint count = -1;
            if (ready > 0)
            {
                fixed (byte* start = keys)
                {
                    count = NativeMethods.read(0, start, keys.Length);
                }
            }

            if (count > 0)
            {
                return (int)count;
            }

            if (count == 0 || Marshal.GetLastSystemError() is not (NativeMethods.EINTR or NativeMethods.EAGAIN))
            {
                return -1;
            }
        }
    }
}

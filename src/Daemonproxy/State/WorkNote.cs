using System.Runtime.InteropServices;

namespace Daemonproxy.State;

/// <summary>The work in progress, noted in advance, so that the next process image does not repeat it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkNote
{
    public TurnStep Step;

    /// <summary>The controller whose line is being run, or -1.</summary>
    public int Connection;

    /// <summary>The line, as offset and length in the controller's inbox, LF not included.</summary>
    public int LineOffset;
    public int LineLength;

    /// <summary>The service being launched or reaped, or -1.</summary>
    public int Service;
}

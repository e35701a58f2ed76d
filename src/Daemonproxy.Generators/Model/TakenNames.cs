using System;
using System.Collections.Generic;

namespace Daemonproxy.Generators.Model;

/// <summary>Names of C# that a declaration must not get, because something else is called so already.</summary>
internal static class TakenNames
{
    // Hand-written or generated once, beside what is generated for the client.
    private const string OfTheClient =
        """
        AnswerLostException ClientSpec CommandFailedException CommandLedger CommandLine CommandResult
        ConnectionClosedException DaemonConnection DaemonEvent DaemonState DescriptorSender ErrorKind
        ErrorTexts EventParser EventQueue EventReader Instant LineBuffer LineSender LineSplitter LineTaker
        MessageText PendingCommand ProtocolConnection ProtocolEvent ProtocolLimits Seconds ServiceInfo
        ServicePhase Signal StateReducer StateSnapshot StateWaiter TextList Transport UnknownEvent ValueParser
        WireName WireNumber WireText WordAdder
        """;

    // Beginnings of namespaces: a type of this name would hide them.
    private const string Namespaces =
        "Client Collections Commands Connections Daemonproxy Descriptors Kernel Launching Logging Loop Microsoft "
        + "Options Processes Protocol Recovery Services Shutdown Signals Startup State System Upgrade";

    /// <summary>Types of .NET and of the runtime of the client, and namespaces.</summary>
    public static HashSet<string> Types { get; } = Split(DotNetTypes.Names, OfTheClient, Namespaces);

    /// <summary>Members that each object or record has, or that C# keeps for them.</summary>
    public static HashSet<string> Members { get; } = Split(
        "Clone Deconstruct EqualityContract Equals Finalize GetHashCode GetType MemberwiseClone PrintMembers "
        + "ReferenceEquals ToString");

    /// <summary>Hand-written methods of a connection, without Async.</summary>
    public static HashSet<string> Connection { get; } = Split(
        "Connect Dispose Enqueue FollowState Read ReadEvents ReadLines Receive Run Send Synchronize");

    /// <summary>Parameters and variables that generated methods have for themselves.</summary>
    public static HashSet<string> Locals { get; } = Split(
        "error field fieldCount fields handler handlers id line log nameof");

    private static HashSet<string> Split(params string[] names)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (string text in names)
        {
            all.UnionWith(text.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));
        }

        return all;
    }
}

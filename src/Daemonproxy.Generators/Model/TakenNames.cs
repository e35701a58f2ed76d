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
        ConnectFailedException ConnectFailure ConnectionClosedException ConnectionEnd ConnectionEndKind
        ConnectionOptions DaemonClient DaemonClientOptions DaemonCommand DaemonCommands DaemonConnection DaemonEvent
        DaemonState DescriptorReceiver DescriptorSender ErrorKind ErrorTexts EventHub EventParser EventQueue
        EventReader EventSlot EventSubscription IDaemon Instant LineBuffer LineSender LineSplitter LineTaker LinkState
        LinkStatus MessageText PendingCommand ProtocolConnection ProtocolEvent ProtocolLimits Seconds SendQueue
        ServiceFacts ServiceInfo ServicePhase ServiceWaiter Signal SocketConnector StateReducer StateSlot StateSnapshot
        StateWaiter TextBytes TextCache TextList Transport UnknownEvent ValueParser WireName WireNumber WireText
        WordAdder
        """;

    // Beginnings of namespaces: a type of this name would hide them.
    private const string Namespaces =
        "Client Collections Commands Connections Daemonproxy Descriptors Kernel Launching Logging Microsoft "
        + "Options Polling Processes Protocol Recovery Services Shutdown Signals Startup State System Upgrade";

    /// <summary>Types of .NET and of the runtime of the client, and namespaces.</summary>
    public static HashSet<string> Types { get; } = Split(DotNetTypes.Names, OfTheClient, Namespaces);

    /// <summary>Members that each object or record has, or that C# keeps for them.</summary>
    public static HashSet<string> Members { get; } = Split(
        "Clone Deconstruct EqualityContract Equals Finalize GetHashCode GetType MemberwiseClone PrintMembers "
        + "ReferenceEquals ToString");

    /// <summary>Hand-written methods of a connection, without Async.</summary>
    public static HashSet<string> Connection { get; } = Split(
        "Connect Dispose Enqueue FollowState GetDescriptor Read ReadEvents ReadLines ReadStatuses Receive Run Send "
        + "Synchronize WaitForRoom");

    /// <summary>Parameters and variables that generated methods have for themselves.</summary>
    public static HashSet<string> Locals { get; } = Split(
        "cancellation daemon error field fieldCount fields handler handlers id line log nameof");

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

namespace Daemonproxy.Generators.Writing;

/// <summary>
/// The names in generated code of types that the spec does not declare: always in full, so that no declaration can hide
/// it. A name of ours begins with a mark, which <see cref="Namespaces.Resolve"/> replaces by its namespace.
/// </summary>
internal static class Runtime
{
    /// <summary>Begins each mark; no spec can have this character.</summary>
    public const char Mark = '\u0001';

    public const string InProtocol = "\u0001p.";
    public const string InCommands = "\u0001c.";
    public const string InOptions = "\u0001o.";
    public const string InLogging = "\u0001l.";
    public const string InClient = "\u0001x.";

    /// <summary>The name of the other side of a connection in comments.</summary>
    public const string Peer = "\u0001peer";

    /// <summary>The tool that <see cref="GeneratedCode"/> names.</summary>
    public const string Tool = "\u0001tool";

    /// <summary>The attribute on all generated types; only metadata, which native programs leave out.</summary>
    public const string GeneratedCode =
        "[global::System.CodeDom.Compiler.GeneratedCode(\"" + Tool + "\", \"1\")]";

    // Of .NET.
    public const string Bytes = "global::System.ReadOnlySpan<byte>";
    public const string Buffer = "global::System.Span<byte>";
    public const string SpanOf = "global::System.ReadOnlySpan";
    public const string Spans = "global::System.MemoryExtensions";
    public const string FlagsAttribute = "[global::System.Flags]";
    public const string OutOfRangeException = "global::System.ArgumentOutOfRangeException";
    public const string Reads = "global::System.Buffers.Binary.BinaryPrimitives.Read";
    public const string NotInlined =
        "[global::System.Runtime.CompilerServices.MethodImpl("
        + "global::System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]";
    public const string Task = "global::System.Threading.Tasks.Task";
    public const string CancellationToken = "global::System.Threading.CancellationToken";
    public const string SafeHandle = "global::System.Runtime.InteropServices.SafeHandle";
    public const string ArgumentNullException = "global::System.ArgumentNullException";
    public const string ListOfTexts = "global::System.Collections.Generic.List<string>";
    public const string Comparable = "global::System.IComparable";
    public const string NotNullWhenTrue = "[global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)]";

    // Of the runtime of the daemon.
    public const string Name = InProtocol + "Name";
    public const string FieldReader = InProtocol + "FieldReader";
    public const string FieldList = InProtocol + "FieldList";
    public const string FieldState = InProtocol + "FieldState";
    public const string Optional = InProtocol + "Optional";
    public const string CommandError = InProtocol + "CommandError";
    public const string LineWriter = InProtocol + "LineWriter";
    public const string ArgumentTypes = InProtocol + "ArgumentTypes";
    public const string Pool = InProtocol + "Pool";
    public const string Errno = InProtocol + "Errno";
    public const string Pid = InProtocol + "Pid";
    public const string Signal = InProtocol + "Signal";
    public const string FdNumber = InProtocol + "FdNumber";
    public const string Instant = InProtocol + "Instant";
    public const string Seconds = InProtocol + "Seconds";
    public const string Log = InLogging + "Log";

    // Generated once, under fixed names.
    public const string Errors = InProtocol + "Errors";
    public const string ErrorId = InProtocol + "ErrorId";
    public const string Limits = InProtocol + "Limits";
    public const string CommandId = InCommands + "CommandId";
    public const string CommandHandlers = InCommands + "CommandHandlers";
    public const string ICommandLookup = InCommands + "ICommandLookup";
    public const string SignalArgument = InCommands + "SignalArgument";
    public const string OptionId = InOptions + "OptionId";
    public const string IOptionHandler = InOptions + "IOptionHandler";

    // Of the runtime of the client.
    public const string ClientSeconds = InClient + "Seconds";
    public const string ClientInstant = InClient + "Instant";
    public const string ClientSignal = InClient + "Signal";
    public const string TextList = InClient + "TextList";
    public const string WireNumber = InClient + "WireNumber";
    public const string WireName = InClient + "WireName";
    public const string WireText = InClient + "WireText";
    public const string CommandLine = InClient + "CommandLine";
    public const string Daemon = InClient + "IDaemon";
    public const string DaemonCommand = InClient + "DaemonCommand";
    public const string CommandResult = InClient + "CommandResult";
    public const string CommandFailedException = InClient + "CommandFailedException";
    public const string DaemonEvent = "\u0001event";
    public const string UnknownEvent = InClient + "UnknownEvent";
    public const string EventReader = InClient + "EventReader";
    public const string MessageText = InClient + "MessageText";
    public const string ErrorKind = InClient + "ErrorKind";

    /// <summary>The C# type of a value that is no declaration of the spec.</summary>
    public static string TypeOf(Model.ValueKind kind) => kind switch
    {
        Model.ValueKind.Name => Name,
        Model.ValueKind.Errno => Errno,
        Model.ValueKind.Pid => Pid,
        Model.ValueKind.Signal => Signal,
        Model.ValueKind.Instant => Instant,
        Model.ValueKind.Seconds => Seconds,
        _ => InProtocol + kind,
    };
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Daemonproxy.Access;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>The kind of a connection; part of the image's layout.</summary>
internal enum ConnectionKind : byte
{
    /// <summary>The slot is free.</summary>
    None,

    /// <summary>Standard input and output, option -i.</summary>
    Interactive,

    /// <summary>The config file, while it is read.</summary>
    Config,

    /// <summary>A service that named control.socket, control.event or control.cmd.</summary>
    Service,

    /// <summary>A client of a control socket.</summary>
    Socket,
}

/// <summary>The stage of a statedump; part of the image's layout.</summary>
internal enum DumpStage : byte
{
    None,
    Fds,
    Services,
    Signals,

    /// <summary>The control sockets, before everything else.</summary>
    Sockets,
}

/// <summary>A controller: its descriptors, how full its buffers are, and how far its dump has come.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConnectionRecord
{
    public ConnectionKind Kind;

    /// <summary>Its input has ended; the lines in the inbox still run.</summary>
    public bool InputEnded;

    /// <summary>No further command runs; it is closed once its outbox is delivered.</summary>
    public bool IsClosing;

    /// <summary>Events are discarded until it has read everything; then it gets the event <c>overflow</c>.</summary>
    public bool IsOverflowed;

    /// <summary>The rest of a line that was too long is being discarded.</summary>
    public bool IsDiscarding;

    /// <summary>
    /// The output is shared with other processes: its flags stay unchanged, and it is written by nonblocking calls.
    /// </summary>
    public bool IsOutputShared;

    /// <summary>Its output has no reader: it gets no lines, and its commands still run.</summary>
    public bool IsOutputGone;

    public DumpStage Dump;

    /// <summary>Tells this connection from earlier ones in the same slot.</summary>
    public int Generation;

    /// <summary>The descriptor of commands; none if it only listens.</summary>
    public FdNumber Input;

    /// <summary>The descriptor of events; none if it only sends commands. For a socket the same as the input.</summary>
    public FdNumber Output;
    public FdIdentity InputIdentity;
    public FdIdentity OutputIdentity;
    public BufferRange Inbox;
    public BufferRange Outbox;

    /// <summary>Since when its output takes nothing; none while it does.</summary>
    public Instant BlockedSince;

    /// <summary>Seconds blocked until its events are discarded, and until it is closed.</summary>
    public int ResetSeconds;
    public int CloseSeconds;

    /// <summary>The object that the dump restates, or has restated last.</summary>
    public FixedName DumpCursor;

    /// <summary>The last signal that the dump restated, and when it came.</summary>
    public int DumpSignal;
    public Instant DumpSignalTime;

    /// <summary>Received descriptors that no command has taken yet, the first one first.</summary>
    public int PassedCount;
    public PassedNumbers Passed;

    /// <summary>No further command runs until its last one is answered.</summary>
    public bool IsHeld;

    /// <summary>
    /// The next line of that object, counted from 0. 0: all of its lines were restated, and the object behind it is the
    /// next one. <see cref="DumpAnew"/>: it was deleted among its lines; one that has the name by then is restated.
    /// </summary>
    public int DumpLine;

    /// <summary>The index of that object in its table, while some of its lines are left.</summary>
    public int DumpIndex;

    /// <summary>A config file that is read when those before it are.</summary>
    public bool IsBehind;

    /// <summary>Lines that were taken from the input.</summary>
    public int Lines;

    /// <summary>The path of a config file, as far as it fits.</summary>
    public FixedText Source;

    /// <summary>The service that it was opened for; empty for all that are not a service's.</summary>
    public FixedName Service;

    /// <summary>The first line of the inbox was run and waits for a helper, or did: it runs again.</summary>
    public bool IsPostponed;

    /// <summary>Answers are discarded, too, until it has read everything: it has not read for too long.</summary>
    public bool LosesAnswers;

    /// <summary>
    /// The number of a descriptor to send with a line of the outbox, + 1; 0 if there is none. It is sent with the first
    /// byte of the line.
    /// </summary>
    public int Given;

    /// <summary>The beginning and the end of that line in the outbox.</summary>
    public int GivenStart;
    public int GivenEnd;

    /// <summary>True if closing it may wait.</summary>
    public FdBlocking GivenBlocking;

    /// <summary>True if its service is ended when the connection is closed because its output has no reader.</summary>
    public bool EndsService;

    /// <summary>It is closed for that, and its service is to be ended.</summary>
    public bool IsHung;

    /// <summary>Its rights.</summary>
    public AccessPolicyIndex Access;

    /// <summary>
    /// Its input is a file that may stop answering: a helper copies it into memory, and nothing is read before.
    /// </summary>
    public bool WaitsForCopy;

    /// <summary>
    /// Its output is a file that may stop answering: a helper writes it. So many bytes of the outbox, from its start,
    /// are with the helper.
    /// </summary>
    public bool IsOutputSlow;

    /// <summary>
    /// The calls on a config file that may block, as far as they were known when it was opened. It lies in what was
    /// padding: those behind it keep their places.
    /// </summary>
    public FdBlocking SourceBlocking;
    public int Handed;

    /// <summary>The descriptor that goes along with a line, or none.</summary>
    public readonly FdNumber GivenNumber => new(Given - 1);

    public const int DumpAnew = -1;

    /// <summary>More lines than an object of any release has.</summary>
    public const int MostDumpLines = 255;
}

/// <summary>Room in the record of a connection for descriptors that were sent along with its lines.</summary>
[InlineArray(Most)]
internal struct PassedNumbers
{
    /// <summary>A controller that sends ahead needs more than one; more than two are a mistake of it.</summary>
    public const int Most = 2;
    private FdNumber _first;
}

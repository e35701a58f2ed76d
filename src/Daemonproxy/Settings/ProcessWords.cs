using System;
using Daemonproxy.Protocol;

namespace Daemonproxy.Settings;

/// <summary>The words of <c>service.process</c>, a bit for each.</summary>
[Flags]
internal enum ProcessWord
{
    None = 0,
    Umask = 1 << 0,
    Nice = 1 << 1,
    Ionice = 1 << 2,
    Oom = 1 << 3,
    Sched = 1 << 4,
    Cpus = 1 << 5,
    Session = 1 << 6,
    Group = 1 << 7,
    Shared = 1 << 8,
    Tty = 1 << 9,
    Caps = 1 << 10,
    NoNewPrivs = 1 << 11,
    Pdeath = 1 << 12,
    Leave = 1 << 13,
    Watchdog = 1 << 14,
}

/// <summary>
/// The attributes of a process that <c>service.process</c> sets. A word that comes twice counts as the last one.
/// </summary>
internal ref struct ProcessWords
{
    private const int ClassShift = 13;

    /// <summary>The words that are there; the fields of the others mean nothing.</summary>
    public ProcessWord Given;

    /// <summary>A mask of 9 bits.</summary>
    public int Umask;

    /// <summary>From -20 to 19.</summary>
    public int Nice;

    /// <summary>As ioprio_set(2) takes it: the class above bit 13, the priority below.</summary>
    public int IoPriority;

    /// <summary>The text of oom_score_adj, a number from -1000 to 1000.</summary>
    public ReadOnlySpan<byte> Oom;

    /// <summary>A policy of sched(7), and a priority from 1 to 99, or 0 for the policies without one.</summary>
    public int Policy;
    public int Priority;

    /// <summary>A list of processors: see <see cref="ProcessorList"/>.</summary>
    public ReadOnlySpan<byte> Cpus;

    /// <summary>The descriptor of the controlling terminal.</summary>
    public int Tty;

    /// <summary>The capabilities that are kept, a bit for each.</summary>
    public ulong Caps;

    public int Pdeath;

    /// <summary>
    /// The seconds from SIGTERM to SIGKILL for the rest of the session after an unexpected end.
    /// </summary>
    public int Leave;

    /// <summary>The seconds within which the service says <c>WATCHDOG=1</c>, from 1.</summary>
    public int Watchdog;

    public readonly bool Has(ProcessWord word) => (Given & word) != 0;

    /// <summary>Reads all words; the first wrong one otherwise.</summary>
    public static bool TryParse(ReadOnlySpan<byte> fields, out ProcessWords words, out ReadOnlySpan<byte> wrong)
    {
        words = default;
        foreach (ReadOnlySpan<byte> word in new FieldList(fields))
        {
            wrong = word;
            if (!words.TryAdd(word))
            {
                return false;
            }
        }

        wrong = default;
        return true;
    }

    private bool TryAdd(ReadOnlySpan<byte> word)
    {
        int equal = word.IndexOf((byte)'=');
        ProcessWord found = Find(equal < 0 ? word : word[..equal]);
        const ProcessWord WithoutValue =
            ProcessWord.Session | ProcessWord.Group | ProcessWord.Shared | ProcessWord.NoNewPrivs;
        bool hasValue = (found & WithoutValue) == 0;
        if (found == ProcessWord.None || hasValue != (equal >= 0))
        {
            return false;
        }

        // A terminal is that of a session. A process that shares leads nothing.
        Given |= found == ProcessWord.Tty ? found | ProcessWord.Session : found;
        bool isLeader = Has(ProcessWord.Session | ProcessWord.Group);
        return !(Has(ProcessWord.Shared) && isLeader) && (!hasValue || TrySet(found, word[(equal + 1)..]));
    }

    private bool TrySet(ProcessWord word, ReadOnlySpan<byte> value)
    {
        switch (word)
        {
            case ProcessWord.Umask:
                return TryOctal(value, out Umask);
            case ProcessWord.Nice:
                return TryNumber(value, -20, 19, out Nice);
            case ProcessWord.Ionice:
                return TryIoPriority(value, out IoPriority);
            case ProcessWord.Oom:
                Oom = value;
                return TryNumber(value, -1000, 1000, out int _);
            case ProcessWord.Sched:
                return TryPolicy(value, out Policy, out Priority);
            case ProcessWord.Cpus:
                Cpus = value;
                return ProcessorList.IsValid(value);
            case ProcessWord.Tty:
                return TryNumber(value, 0, Limits.Line, out Tty);
            case ProcessWord.Caps:
                return Capability.TryParseList(value, out Caps);
            case ProcessWord.Pdeath:
                bool isSignal = Signal.TryParseName(value, out Signal signal);
                Pdeath = signal.Number;
                return isSignal;
            case ProcessWord.Watchdog:
                return TryNumber(value, 1, int.MaxValue, out Watchdog);
            default:
                return TryNumber(value, 0, int.MaxValue, out Leave);
        }
    }

    private static ProcessWord Find(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("umask"u8) ? ProcessWord.Umask
        : name.SequenceEqual("nice"u8) ? ProcessWord.Nice
        : name.SequenceEqual("ionice"u8) ? ProcessWord.Ionice
        : name.SequenceEqual("oom"u8) ? ProcessWord.Oom
        : name.SequenceEqual("sched"u8) ? ProcessWord.Sched
        : name.SequenceEqual("cpus"u8) ? ProcessWord.Cpus
        : name.SequenceEqual("session"u8) ? ProcessWord.Session
        : name.SequenceEqual("group"u8) ? ProcessWord.Group
        : name.SequenceEqual("shared"u8) ? ProcessWord.Shared
        : name.SequenceEqual("tty"u8) ? ProcessWord.Tty
        : name.SequenceEqual("caps"u8) ? ProcessWord.Caps
        : name.SequenceEqual("no-new-privs"u8) ? ProcessWord.NoNewPrivs
        : name.SequenceEqual("pdeath"u8) ? ProcessWord.Pdeath
        : name.SequenceEqual("leave"u8) ? ProcessWord.Leave
        : name.SequenceEqual("watchdog"u8) ? ProcessWord.Watchdog
        : ProcessWord.None;

    private static bool TryNumber(ReadOnlySpan<byte> text, int least, int most, out int number)
    {
        bool isNumber = ArgumentTypes.TryInteger(text, out long value) && value >= least && value <= most;
        number = isNumber ? (int)value : 0;
        return isNumber;
    }

    // Up to 0777, as chmod(1) takes it.
    private static bool TryOctal(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'7' || number > 0x3F)
            {
                return false;
            }

            number = (number * 8) + digit - '0';
        }

        return !text.IsEmpty;
    }

    // CLASS or CLASS:N, N from 0 to 7 for the classes that have one.
    private static bool TryIoPriority(ReadOnlySpan<byte> text, out int priority)
    {
        int colon = text.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? text : text[..colon];
        int number = name.SequenceEqual("none"u8) ? 0
            : name.SequenceEqual("realtime"u8) ? 1
            : name.SequenceEqual("best-effort"u8) ? 2
            : name.SequenceEqual("idle"u8) ? 3
            : -1;

        // 4 is what the kernel takes for a process of nice value 0.
        int level = number is 1 or 2 ? 4 : 0;
        bool isValid = number >= 0
            && (colon < 0 || (number is 1 or 2 && TryNumber(text[(colon + 1)..], 0, 7, out level)));
        priority = (number << ClassShift) | level;
        return isValid;
    }

    // POLICY, or fifo:N and rr:N with a priority.
    private static bool TryPolicy(ReadOnlySpan<byte> text, out int policy, out int priority)
    {
        int colon = text.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? text : text[..colon];
        policy = name.SequenceEqual("other"u8) ? 0
            : name.SequenceEqual("fifo"u8) ? 1
            : name.SequenceEqual("rr"u8) ? 2
            : name.SequenceEqual("batch"u8) ? 3
            : name.SequenceEqual("idle"u8) ? 5
            : -1;
        bool isRealTime = policy is 1 or 2;
        priority = 0;
        return policy >= 0 && isRealTime == (colon >= 0)
            && (!isRealTime || TryNumber(text[(colon + 1)..], 1, 99, out priority));
    }
}

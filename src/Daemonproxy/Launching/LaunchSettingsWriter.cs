using System;
using System.Runtime.InteropServices;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Settings;

namespace Daemonproxy.Launching;

/// <summary>
/// Writes the settings of a service as its child applies them, into memory that does not move: the structure, followed
/// by the data that it points to.
/// </summary>
internal unsafe ref partial struct LaunchSettingsWriter
{
    private const int MostFields = (Limits.Line / 2) + 2;
    private const int TextsOfSettings = 11;
    private const int ListenVariables = 3;
    private const int AccountPlaces = 4;
    private const int DigitsOfPid = 11;
    private const int VariablesOfNotify = 3;
    private const int DigitsOfMicroseconds = 20;

    // An at sign, five digits, and a NUL; and as much again.
    private const int AbstractAddressBytes = 16;

    private readonly SharedLaunchData _context;
    private readonly Pid _parent;
    private readonly byte* _end;
    private readonly LaunchSettings* _settings;
    private byte* _at;

    /// <param name="environment">The environment of the daemon.</param>
    /// <param name="parent">The PID of the daemon.</param>
    /// <param name="memory">Memory of <see cref="BytesFor"/>, aligned as a pointer.</param>
    public LaunchSettingsWriter(SharedLaunchData context, Pid parent, byte* memory)
    {
        _parent = parent;
        _context = context;
        _settings = (LaunchSettings*)memory;
        _at = memory + sizeof(LaunchSettings);
        _end = memory + BytesFor(context.Count);
    }

    /// <summary>The room that any settings need, where the daemon has so many variables.</summary>
    public static int BytesFor(int variables)
    {
        int texts = TextsOfSettings * (Limits.Line + MostFields);
        int listen = (2 * Limits.Line) + (ListenVariables * 32);
        int notify = NotifyPaths.MostPath + (VariablesOfNotify * 48);
        int pointers = (variables + MostFields + ListenVariables + VariablesOfNotify + AccountPlaces + 1 + MostFields)
            * sizeof(byte*);
        int groups = LaunchSettings.MostGroups * sizeof(uint);
        int limits = (Limits.Line / 4) * sizeof(LaunchLimit);
        int mounts = MostMounts * sizeof(LaunchMount);
        int account = AccountPlaces * LaunchSettings.VariableBytes;
        int alignment = 8 * sizeof(long);
        return sizeof(LaunchSettings) + texts + listen + notify + pointers + groups + limits + mounts + account
            + alignment;
    }

    /// <summary>
    /// True if services lead a session unless their settings say <c>shared</c>. kill(2) of process 0 signals the whole
    /// group of the caller: a service of process 1 must not reach process 1 and all other services by that.
    /// </summary>
    public static bool IsIsolated(Pid daemon) => daemon.Value == 1;

    /// <summary>Writes the settings, and completes the plan.</summary>
    public void Write(ref LaunchPlan plan, in LaunchSpecification specification, LaunchDescriptors descriptors)
    {
        ServiceSettings settings = specification.Settings;
        *_settings = default;
        plan.Settings = _settings;
        ProcessWords words = specification.Words;
        WriteUser(ref plan, settings.User, settings.IsUserForced, words);
        WriteProcess(ref plan, words);
        WriteLimits(ref plan, settings.Limits);
        WriteMounts(ref plan, settings.Mounts);
        _settings->Root = WritePath(ref plan, LaunchStep.Root, settings.Root);
        _settings->Directory = WritePath(ref plan, LaunchStep.Dir, settings.Directory);
        WriteEnvironment(ref plan, specification);
        WriteTextsFrom(ref plan, settings, descriptors);
        Assertion.Require(_at <= _end);
    }

    private static void AddStep(ref LaunchPlan plan, LaunchStep step) => plan.Steps |= 1u << (int)step;

    private void WriteUser(ref LaunchPlan plan, ReadOnlySpan<byte> text, bool isForced, in ProcessWords words)
    {
        _settings->KeepsCapabilities = words.Has(ProcessWord.Caps);
        _settings->Capabilities = words.Caps;
        if (words.Has(ProcessWord.Caps))
        {
            AddStep(ref plan, LaunchStep.Caps);
        }

        plan.HasOwnMemory = words.Has(ProcessWord.Oom);
        plan.ChangesCredentials = !text.IsEmpty || words.Has(ProcessWord.Caps);
        if (text.IsEmpty)
        {
            return;
        }

        AddStep(ref plan, LaunchStep.Account);
        AddStep(ref plan, LaunchStep.Groups);
        AddStep(ref plan, LaunchStep.User);
        plan.StepsFirst = isForced ? LaunchPlan.StepsOfForcedUser : 0;
        UserFields fields = new(text);
        _settings->HasOwnGroups = fields.HasOwnGroups;
        _settings->GroupIds = (uint*)Take(LaunchSettings.MostGroups * sizeof(uint));
        _settings->AccountText = Take(AccountPlaces * LaunchSettings.VariableBytes);
        _settings->Groups = (byte**)Take(fields.CountGroups() * sizeof(byte*));
        foreach (ReadOnlySpan<byte> name in fields.Names)
        {
            byte* copy = WriteText(name);
            if (_settings->User == null)
            {
                _settings->User = copy;
            }
            else
            {
                _settings->Groups[_settings->GroupCount++] = copy;
            }
        }
    }

    private readonly void WriteSession(ref LaunchPlan plan, in ProcessWords words)
    {
        _settings->LeadsSession = words.Has(ProcessWord.Session)
            || (IsIsolated(_parent) && !words.Has(ProcessWord.Shared));
        _settings->Terminal = words.Has(ProcessWord.Tty) ? words.Tty : -1;
        if (_settings->LeadsSession || words.Has(ProcessWord.Group))
        {
            AddStep(ref plan, LaunchStep.Session);
        }
    }

    private void WriteProcess(ref LaunchPlan plan, in ProcessWords words)
    {
        plan.Umask = words.Has(ProcessWord.Umask) ? (uint)words.Umask : LaunchPlan.DefaultUmask;
        WriteSession(ref plan, words);
        _settings->Policy = words.Has(ProcessWord.Sched) ? words.Policy : -1;
        _settings->Priority = words.Priority;
        _settings->HasProcessors = words.Has(ProcessWord.Cpus);
        _settings->Nice = words.Nice;
        _settings->IoPriority = words.IoPriority;
        _settings->ParentDeathSignal = words.Pdeath;
        _settings->Parent = _parent.Value;
        if (words.Has(ProcessWord.Cpus))
        {
            _ = ProcessorList.TryParse(
                words.Cpus, new Span<ulong>(_settings->Processors, LaunchSettings.MostProcessors / 64));
        }

        if (words.Has(ProcessWord.Oom))
        {
            _settings->Oom = WriteText(words.Oom);
            _settings->OomLength = words.Oom.Length;
        }

        plan.Steps |= StepOf(words, ProcessWord.Sched | ProcessWord.Cpus, LaunchStep.Sched)
            | StepOf(words, ProcessWord.Nice, LaunchStep.Nice)
            | StepOf(words, ProcessWord.Ionice, LaunchStep.Ionice)
            | StepOf(words, ProcessWord.Oom, LaunchStep.Oom)
            | StepOf(words, ProcessWord.NoNewPrivs, LaunchStep.NoNewPrivs)
            | StepOf(words, ProcessWord.Pdeath, LaunchStep.Pdeath);
    }

    private static uint StepOf(in ProcessWords words, ProcessWord word, LaunchStep step) =>
        words.Has(word) ? 1u << (int)step : 0;

    private void WriteLimits(ref LaunchPlan plan, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return;
        }

        AddStep(ref plan, LaunchStep.Limits);
        LaunchLimit* limits = (LaunchLimit*)Take((Limits.Line / 4) * sizeof(LaunchLimit));
        int count = 0;
        foreach (ReadOnlySpan<byte> word in new FieldList(text))
        {
            bool isSound = ResourceLimit.TryParse(word, out ResourceLimit limit);
            Assertion.Require(isSound);
            limits[count++] = new LaunchLimit
            {
                Resource = limit.Resource,
                Soft = limit.Soft,
                Hard = limit.Hard,
                Text = WriteText(word),
            };
        }

        _settings->Limits = limits;
        _settings->LimitCount = count;
    }

    private byte* WritePath(ref LaunchPlan plan, LaunchStep step, ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
        {
            return null;
        }

        AddStep(ref plan, step);
        return WriteText(path);
    }

    // The variables that the service inherits, its own, those that tell it of listening sockets, and room for those of
    // its account.
    private void WriteEnvironment(ref LaunchPlan plan, in LaunchSpecification specification)
    {
        ServiceSettings settings = specification.Settings;
        EnvironmentChanges changes = new(settings.Environment);
        int most = _context.Count + MostFields + ListenVariables + VariablesOfNotify + AccountPlaces + 1;
        byte** variables = (byte**)Take(most * sizeof(byte*));
        int count = 0;
        for (byte** inherited = _context.Variables; *inherited != null; inherited++)
        {
            ReadOnlySpan<byte> variable = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*inherited);
            ReadOnlySpan<byte> name = EnvironmentChanges.NameOf(variable);
            bool isReplaced = changes.StartFromNothing || changes.TryFind(name, out _)
                || (!settings.User.IsEmpty && AccountVariableOf(name) != AccountVariables.None);
            if (!isReplaced)
            {
                variables[count++] = *inherited;
            }
        }

        _settings->AccountVariables = settings.User.IsEmpty ? AccountVariables.None : AccountVariables.All;
        foreach (ReadOnlySpan<byte> field in changes.Fields)
        {
            ReadOnlySpan<byte> name = EnvironmentChanges.NameOf(field);
            _settings->AccountVariables &= ~AccountVariableOf(name);
            bool isLast = changes.TryFind(name, out ReadOnlySpan<byte> last) && last == field;
            bool isOurs = !specification.Notify.IsNone && NotifyVariables.IsNotifyVariable(name);
            if (isLast && !isOurs && EnvironmentChanges.Sets(field))
            {
                variables[count++] = WriteText(field);
            }
        }

        if (settings.Listens)
        {
            WriteListen(variables, ref count, specification.Descriptors);
        }

        if (!specification.Notify.IsNone)
        {
            AddStep(ref plan, LaunchStep.Notify);
            WriteNotify(variables, ref count, specification.Notify);
        }

        variables[count] = null;
        _settings->AccountPlaces = variables + count;
        plan.Environment = variables;
        plan.SearchPath = SearchPath.Find(variables);
    }

    private static AccountVariables AccountVariableOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("USER"u8) ? AccountVariables.User
        : name.SequenceEqual("LOGNAME"u8) ? AccountVariables.Logname
        : name.SequenceEqual("HOME"u8) ? AccountVariables.Home
        : name.SequenceEqual("SHELL"u8) ? AccountVariables.Shell
        : AccountVariables.None;

    // sd_listen_fds(3): the descriptors from 3 on, and their names. Only the child knows its PID.
    private void WriteListen(byte** variables, ref int count, ReadOnlySpan<byte> descriptors)
    {
        const int First = 3;
        byte* names = _at;
        variables[count++] = names;
        Append("LISTEN_FDNAMES="u8);
        int place = 0;
        foreach (ReadOnlySpan<byte> name in new FieldList(descriptors))
        {
            if (place > First)
            {
                Append(":"u8);
            }

            if (place++ >= First)
            {
                Append(name);
            }
        }

        *_at++ = 0;
        variables[count++] = _at;
        Append("LISTEN_FDS="u8);
        LineWriter number = new(new Span<byte>(_at, DigitsOfPid));
        number.Integer(Math.Max(place - First, 0));
        _at += number.Length;
        *_at++ = 0;
        variables[count++] = _at;
        Append("LISTEN_PID="u8);
        _settings->ListenPid = _at;
        _at += DigitsOfPid;
    }

    // sd_notify(3) and sd_watchdog_enabled(3). Where the address is abstract, only the child knows it.
    private void WriteNotify(byte** variables, ref int count, in NotifyGrant notify)
    {
        variables[count++] = _at;
        Append("NOTIFY_SOCKET="u8);
        _settings->NotifySocket = notify.Socket.Value;
        _settings->NotifyAddress = _at;
        _settings->NotifyDirectory = null;
        if (notify.FileName != 0)
        {
            _settings->NotifyDirectory = _context.NotifyDirectory;
            Append(_context.NotifyDirectoryText);
            Append("/"u8);
            LineWriter name = new(new Span<byte>(_at, NotifyPaths.Digits));
            NotifyPaths.Write(ref name, notify.FileName);
            _at += NotifyPaths.Digits;
            *_at++ = 0;
        }
        else
        {
            _at += AbstractAddressBytes;
        }

        if (notify.Watchdog == 0)
        {
            return;
        }

        variables[count++] = _at;
        Append("WATCHDOG_USEC="u8);
        LineWriter number = new(new Span<byte>(_at, DigitsOfMicroseconds));
        number.Integer(notify.Watchdog * 1_000_000L);
        _at += number.Length;
        *_at++ = 0;
        variables[count++] = _at;
        Append("WATCHDOG_PID="u8);
        _settings->WatchdogPid = _at;
        _at += DigitsOfPid;
    }

    private byte* WriteText(ReadOnlySpan<byte> text)
    {
        byte* start = _at;
        Append(text);
        *_at++ = 0;
        return start;
    }

    private void Append(ReadOnlySpan<byte> text)
    {
        text.CopyTo(new Span<byte>(_at, text.Length));
        _at += text.Length;
    }

    // Aligned as a pointer.
    private byte* Take(int bytes)
    {
        byte* start = (byte*)(((nint)_at + sizeof(long) - 1) & -sizeof(long));
        _at = start + bytes;
        return start;
    }
}

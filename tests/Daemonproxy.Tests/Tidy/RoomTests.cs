using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>The content of each room, and the order between the rooms.</summary>
public sealed partial class RoomTests
{
    private const string House = "src/Daemonproxy/";

    // Where pointers are allowed besides the kernel room and the image, and what for.
    private static readonly Dictionary<string, string> _unsafeFiles = new()
    {
        ["Collections/FixedArray.cs"] = "memory outside the heap, which does not move",
        ["Collections/NameTree.cs"] = "the names in the records of the image",
        ["Descriptors/FdTable.cs"] = "hands the names of its records to the name tree",
        ["Helpers/HelperSlot.cs"] = "the memory of a helper, which is a cloned child",
        ["Helpers/HelperTable.cs"] = "hands each slot its memory",
        ["Launching/SharedLaunchData.cs"] = "the environment as the kernel gave it",
        ["Launching/LaunchSettingsWriter.cs"] = "the memory of a launch, which a cloned child reads",
        ["Launching/LaunchSettingsWriter.CgroupAndMounts.cs"] = "the memory of a launch, which a cloned child reads",
        ["Launching/LaunchSlot.cs"] = "the memory of a launch, which a cloned child reads",
        ["Launching/LaunchSlots.cs"] = "hands each slot its memory",
        ["Launching/SearchPath.cs"] = "the environment as the kernel gave it",
        ["Program.cs"] = "argv and the environment as the kernel gave them",
        ["Recovery/ImageMigration.cs"] = "copies the bytes of an image",
        ["Recovery/TextMigration.cs"] = "reads and writes the bytes of images",
        ["Services/ServiceTable.cs"] = "hands the names of its records to the name tree",
        ["Shutdown/ExecOnExit.cs"] = "argv and the environment as the kernel wants them",
        ["Signals/PendingSignals.cs"] = "the counts that signal handlers write",
        ["Startup/DaemonImageLayout.cs"] = "sizeof of the records of the image",
        ["Startup/CommandLineStart.cs"] = "argv as the kernel gave it",
        ["Startup/LastStartSteps.cs"] = "the counts of signals in the image",
        ["Startup/OptionParser.cs"] = "argv as the kernel gave it",
    };

    // From the bottom up: a room may use the rooms before it, and none behind it. So there is no cycle.
    private static readonly string[] _order =
    [
        "Protocol", "Kernel", "Kernel.SignalSafe", "Kernel.Linux", "Collections", "State", "Access", "Polling",
        "Descriptors",
        "Logging", "Signals", "Settings", "Launching", "Processes", "Helpers", "Readiness", "Services", "Connections",
        "Shutdown", "Rescue", "Upgrade", "Commands", "Startup", "Sending", "PowerCommands", "Recovery",
        "Upgrade.Checking", Root,
    ];

    // What else is written in small letters before a parenthesis.
    private static readonly HashSet<string> _keywords =
        ["if", "while", "for", "switch", "sizeof", "return", "fixed", "default", "nameof", "stackalloc", "typeof"];

    // The files directly in the project, which nothing may use.
    private const string Root = "";

    [Fact]
    public void OnlyTheKernelRoomImportsFromC() => Report((file, code) =>
        !file.IsIn(House + "Kernel/") && Import().IsMatch(code) ? "imports from C" : null);

    /// <summary>A child must not return into managed code; a finalizer would close what an image names.</summary>
    [Fact]
    public void NothingForksAndNothingIsFinalized() => Report((_, code) =>
        Forks().IsMatch(code) ? "forks" : Finalizer().IsMatch(code) ? "is finalized" : null);

    /// <summary>Everything else gives out records as <c>ref readonly</c>, which these would take off.</summary>
    [Fact]
    public void RecordsChangeOnlyThroughTheirWriters() => Report((file, code) =>
        !file.IsIn(House + "State/") && !file.IsIn(House + "Kernel/") && AroundTheDoor().IsMatch(code)
            ? "may write to the image without a RecordWriter"
            : null);

    [Fact]
    public void PointersAreUsedOnlyInListedFiles() => Report((file, code) =>
    {
        string name = file.Name[House.Length..];
        bool allowed = name.StartsWith("Kernel/", StringComparison.Ordinal)
            || name.StartsWith("State/", StringComparison.Ordinal) || _unsafeFiles.ContainsKey(name);
        return !allowed && Unsafe().IsMatch(code) ? "is unsafe" : null;
    });

    [Fact]
    public void EachFileListedAsUnsafeIs()
    {
        foreach ((string name, string reason) in _unsafeFiles)
        {
            SourceFile? file = SourceFile.All.Find(file => file.Name == House + name);
            Assert.True(file is not null && Unsafe().IsMatch(file.Text), $"{name} is not unsafe ({reason})");
        }
    }

    [Fact]
    public void ARoomUsesOnlyRoomsBelowIt() => Report((file, code) =>
    {
        int room = Array.IndexOf(_order, RoomOf(file));
        Match used = Using().Match(code);
        return used.Success && Array.IndexOf(_order, used.Groups[1].Value) >= room
            ? $"uses {used.Groups[1].Value}, which is not below it"
            : null;
    });

    /// <summary>A type of the root needs no using, so its name is looked for.</summary>
    [Fact]
    public void NoRoomUsesTheRoot() => Report((file, code) =>
        RoomOf(file) != Root && RootType().IsMatch(code) ? "uses a type of the root" : null);

    [Fact]
    public void EveryRoomHasItsPlaceInTheOrder() => Report((file, _) =>
        Array.IndexOf(_order, RoomOf(file)) < 0 ? "is in a room without a place in the order" : null);

    [Fact]
    public void ANamespaceEqualsItsFolder() => Report((file, code) =>
    {
        Match match = Namespace().Match(code);
        string expected = RoomOf(file) == Root ? "Daemonproxy" : "Daemonproxy." + RoomOf(file);
        return match.Success && match.Groups[1].Value != expected ? $"is not in namespace {expected}" : null;
    });

    private static string RoomOf(SourceFile file)
    {
        string name = file.Name[House.Length..];
        int end = name.LastIndexOf('/');
        return end < 0 ? Root : name[..end].Replace('/', '.');
    }

    /// <summary>The conditions at the head of Kernel/SignalSafe/SignalSafeCalls.cs, as far as words show
    /// them.</summary>
    [Fact]
    public void SignalSafeCodeHasNothingOfTheRuntime() => Report((file, code) =>
    {
        if (!file.IsIn(House + "Kernel/SignalSafe/"))
        {
            return null;
        }

        bool isImport = code.Contains("DllImport", StringComparison.Ordinal);
        if (isImport)
        {
            return code.Contains("SuppressGCTransition", StringComparison.Ordinal) ? null : "leaves the runtime";
        }

        Match banned = NotSignalSafe().Match(code);

        // The imports themselves come before those of Tmds.LibC in their own class.
        bool isImportsOwn = file.Name.EndsWith("/SignalSafeCalls.cs", StringComparison.Ordinal);
        Match call = isImportsOwn ? Match.Empty : CallOfC().Match(code);
        return banned.Success ? $"has \"{banned.Value}\""
            : call.Success && !_keywords.Contains(call.Groups[1].Value) ? $"calls {call.Groups[1].Value} of Tmds.LibC"
            : null;
    });

    [Fact]
    public void NothingWaitsForLaterInAComment()
    {
        foreach (SourceFile file in SourceFile.All)
        {
            Assert.False(Later().IsMatch(file.Text), $"{file.Name}: {Later().Match(file.Text).Value}");
        }
    }

    private static void Report(Func<SourceFile, string, string?> rule)
    {
        List<string> found = [];
        foreach (SourceFile file in SourceFile.All)
        {
            foreach ((int number, string code) in file.IsIn(House) ? file.Code() : [])
            {
                if (rule(file, code) is string problem)
                {
                    found.Add($"{file.Name}({number}): {problem}");
                }
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    [GeneratedRegex(@"\bv?fork\s*\(")]
    private static partial Regex Forks();

    [GeneratedRegex(@"^\s*~[A-Z]\w*\(")]
    private static partial Regex Finalizer();

    [GeneratedRegex(@"\bUnsafe\.|\bMemoryMarshal\.(AsRef|GetReference|CreateSpan|GetArrayDataReference)\b")]
    private static partial Regex AroundTheDoor();

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\b|\bTmds\.Linux\b")]
    private static partial Regex Import();

    [GeneratedRegex(@"^namespace ([\w.]+);")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?<![\w.""])EventLoop\b(?![\w""])")]
    private static partial Regex RootType();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^using (?:static )?Daemonproxy\.([\w.]+);")]
    private static partial Regex Using();

    [GeneratedRegex(@"\bnew\b|\bstring\b|""|\[\]|=> *\{|\bdelegate \w|\bSpan<|\bthrow\b|\btry\b|\bforeach\b|\block\b")]
    private static partial Regex NotSignalSafe();

    // A call by a name of C without its class; SignalSafeCalls.close(…) is not one.
    [GeneratedRegex(@"(?<![\w.*])([a-z_]+)\(")]
    private static partial Regex CallOfC();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b(?!\||\))")]
    private static partial Regex Later();
}

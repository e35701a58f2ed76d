using System;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>What belongs into which room of the house, and which way the rooms depend on each other.</summary>
public sealed partial class RoomTests
{
    private const string House = "src/Daemonproxy/";

    // Where pointers are allowed besides the seam and the image, and what for.
    private static readonly Dictionary<string, string> _unsafeFiles = new()
    {
        ["Boot.cs"] = "argv as the kernel gave it",
        ["Controllers/ControllerTable.cs"] = "sizeof of a record of the image",
        ["DaemonLayout.cs"] = "sizeof of the records of the image",
        ["ExitProgram.cs"] = "argv and the environment as the kernel wants them",
        ["Fds/FdTable.cs"] = "hands the names of its records to the name tree",
        ["Options/CommandLine.cs"] = "argv as the kernel gave it",
        ["Program.cs"] = "argv and the environment as the kernel gave them",
        ["Resume.cs"] = "the counts of signals in the image",
        ["Services/LaunchEnvironment.cs"] = "the environment as the kernel gave it",
        ["Services/LaunchPlanner.cs"] = "argv as the kernel wants it",
        ["Services/SearchPath.cs"] = "the environment as the kernel gave it",
        ["Services/ServiceTable.cs"] = "hands the names of its records to the name tree",
        ["Signals/SignalLedger.cs"] = "the counts that signal handlers write",
        ["Startup.cs"] = "the counts of signals in the image",
    };

    // What a room may use. Time stands below all: the kernel tells it, and needs nothing for that.
    private static readonly Dictionary<string, string[]> _uses = new()
    {
        ["Time"] = [],
        ["Kernel"] = ["Time"],
        ["Protocol"] = ["Kernels", "Time"],
        ["Image"] = ["Protocol", "Kernels", "Time"],
        ["Options"] = ["Logging", "Protocol", "Image", "Kernels", "Time"],
        ["Logging"] = _middle,
        ["Signals"] = _middle,
        ["Fds"] = _middle,
        ["Services"] = _middle,
        ["Controllers"] = _middle,
        ["Commands"] = [.. _middle, "Commands"],
    };

    private static string[] _middle =>
        ["Controllers", "Services", "Fds", "Signals", "Logging", "Protocol", "Image", "Kernels", "Time"];

    [Fact]
    public void Only_the_kernel_room_imports_from_C() => Report((file, code) =>
        !file.IsIn(House + "Kernel/") && Import().IsMatch(code) ? "imports from C" : null);

    /// <summary>A child must not return into managed code; a finalizer would close what an image names.</summary>
    [Fact]
    public void Nothing_forks_and_nothing_is_finalized() => Report((_, code) =>
        Forks().IsMatch(code) ? "forks" : Finalizer().IsMatch(code) ? "is finalized" : null);

    /// <summary>Everything else gives out records as <c>ref readonly</c>, which these would take off.</summary>
    [Fact]
    public void Records_change_only_through_their_door() => Report((file, code) =>
        !file.IsIn(House + "Image/") && !file.IsIn(House + "Kernel/") && AroundTheDoor().IsMatch(code)
            ? "may write to the image past its door"
            : null);

    [Fact]
    public void Pointers_stay_in_their_rooms() => Report((file, code) =>
    {
        string name = file.Name[House.Length..];
        bool allowed = name.StartsWith("Kernel/", StringComparison.Ordinal)
            || name.StartsWith("Image/", StringComparison.Ordinal) || _unsafeFiles.ContainsKey(name);
        return !allowed && Unsafe().IsMatch(code) ? "is unsafe" : null;
    });

    [Fact]
    public void Files_listed_as_unsafe_are()
    {
        foreach ((string name, string reason) in _unsafeFiles)
        {
            SourceFile? file = SourceFile.All.Find(file => file.Name == House + name);
            Assert.True(file is not null && Unsafe().IsMatch(file.Text), $"{name} is not unsafe ({reason})");
        }
    }

    [Fact]
    public void Rooms_depend_on_each_other_one_way() => Report((file, code) =>
    {
        string room = file.Name[House.Length..].Split('/')[0];
        Match used = Using().Match(code);
        bool isBad = used.Success && _uses.TryGetValue(room, out string[]? allowed)
            && Array.IndexOf(allowed, used.Groups[1].Value) < 0;
        return isBad ? $"uses {used.Groups[1].Value}" : null;
    });

    [Fact]
    public void Every_room_has_its_rule() => Report((file, _) =>
    {
        string[] path = file.Name[House.Length..].Split('/');
        return path.Length > 1 && !_uses.ContainsKey(path[0]) ? "is in a room without a rule" : null;
    });

    /// <summary>The conditions at the head of Kernel/Bare/Bare.cs, as far as words show them.</summary>
    [Fact]
    public void Bare_code_has_nothing_of_the_runtime() => Report((file, code) =>
    {
        if (!file.IsIn(House + "Kernel/Bare/"))
        {
            return null;
        }

        bool isImport = code.Contains("DllImport", StringComparison.Ordinal);
        if (isImport)
        {
            return code.Contains("SuppressGCTransition", StringComparison.Ordinal) ? null : "leaves the runtime";
        }

        Match banned = NotBare().Match(code);
        return banned.Success ? $"has \"{banned.Value}\"" : null;
    });

    [Fact]
    public void Nothing_waits_for_later_in_a_comment()
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

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\b")]
    private static partial Regex Import();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"^using (?:static )?Daemonproxy\.(\w+)")]
    private static partial Regex Using();

    [GeneratedRegex(@"\bnew\b|\bstring\b|""|\[\]|=> *\{|\bdelegate \w|\bSpan<|\bthrow\b|\btry\b|\bforeach\b|\block\b")]
    private static partial Regex NotBare();

    [GeneratedRegex(@"\b(TODO|FIXME|XXX|HACK)\b(?!\||\))")]
    private static partial Regex Later();
}

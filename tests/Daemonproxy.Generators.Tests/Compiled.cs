using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>Compiles generated code together with the daemon's own types that it is written against.</summary>
internal static class Compiled
{
    // What generated code may use of the daemon: this list is the contract between the two.
    private static readonly string[] _runtime =
    [
        "Protocol/Name.cs", "Protocol/FieldReader.cs", "Protocol/FieldList.cs", "Protocol/Optional.cs",
        "Protocol/CommandError.cs", "Protocol/LineWriter.cs", "Protocol/ArgumentTypes.cs", "Protocol/Pool.cs",
        "Protocol/Instant.cs", "Protocol/Seconds.cs", "Protocol/FdNumber.cs", "Protocol/Errno.cs",
        "Protocol/Pid.cs", "Protocol/Signal.cs", "Protocol/Assertion.cs",
    ];

    // As much of the log as generated code knows; it forgets what it is told.
    private const string Log =
        """
        using Daemonproxy.Protocol;

        namespace Daemonproxy.Logging;

        internal sealed class Log
        {
            private readonly byte[] _bytes = new byte[8192];

            public bool Wants(LogLevel level) => level > 0;

            public LineWriter Begin(LogLevel level) => new(_bytes);

            public void End(scoped ref LineWriter line) => line.Byte((byte)'\n');

            public void Say(LogLevel level, System.ReadOnlySpan<byte> text)
            {
            }
        }
        """;

    // The same of the client; and what sends the lines, which is nothing here.
    private static readonly string[] _clientRuntime =
    [
        "Wire/CommandLine.cs", "Wire/EventReader.cs", "Wire/WireName.cs", "Wire/WireNumber.cs", "Wire/WireText.cs",
        "Wire/TextBytes.cs", "Wire/TextCache.cs",
        "Values/Instant.cs", "Values/Seconds.cs", "Values/Signal.cs", "Values/TextList.cs", "Events/DaemonEvent.cs",
        "Events/EventParser.cs", "Events/UnknownEvent.cs",
    ];

    private const string ClientConnection = """
        namespace Daemonproxy.Client;

        /// <summary>The answers to commands.</summary>
        public sealed record CommandResult;

        /// <summary>An error.</summary>
        public sealed class CommandFailedException : System.Exception;

        internal static class MessageText
        {
            public static bool IsLike(string text, System.ReadOnlySpan<string> pieces) => text == pieces[0];
        }

        /// <summary>A command.</summary>
        public sealed class DaemonCommand
        {
            internal DaemonCommand(
                CommandLine line,
                System.Func<DaemonEvent, bool>? isAnswer,
                System.Runtime.InteropServices.SafeHandle? descriptor = null) =>
                throw new System.NotSupportedException($"{line}, {isAnswer}, {descriptor}");
        }

        /// <summary>The methods.</summary>
        public static partial class DaemonCommands;

        /// <summary>The sender.</summary>
        public interface IDaemon
        {
            /// <summary>Sends.</summary>
            System.Threading.Tasks.Task<CommandResult> RunAsync(
                DaemonCommand command, System.Threading.CancellationToken cancellation = default);
        }
        """;

    // Read and parsed once for all tests.
    private static readonly ConcurrentDictionary<string, SyntaxTree[]> _runtimes = new();
    private static readonly List<MetadataReference> _references = References();
    private static readonly CSharpParseOptions _parse = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    /// <summary>The errors and warnings of the whole.</summary>
    public static ImmutableArray<Diagnostic> Diagnose(Driver driver, params string[] more) =>
    [
        .. Compile("Daemonproxy", _runtime, driver, more)
            .GetDiagnostics().RemoveAll(found => found.Severity < DiagnosticSeverity.Warning),
    ];

    /// <summary>Nothing may be wrong with it.</summary>
    public static void Succeeds(Driver driver) => Assert.Empty(Diagnose(driver));

    /// <summary>Nothing may be wrong with the client either.</summary>
    public static void ClientSucceeds(Driver driver) => Assert.Empty(
        Compile("Daemonproxy.Client", _clientRuntime, driver, [ClientConnection])
            .GetDiagnostics().RemoveAll(found => found.Severity < DiagnosticSeverity.Warning));

    /// <summary>Nothing may be wrong with what a project outside gets; only the log is its own.</summary>
    public static void SucceedsAlone(Driver driver)
    {
        bool hasLog = driver.Sources().Contains("class LogMessages\n", StringComparison.Ordinal);
        string[] more = hasLog ? [Log.Replace("Daemonproxy", "Shop", StringComparison.Ordinal)] : [];
        Assert.Empty(Compile("", [], driver, more)
            .GetDiagnostics().RemoveAll(found => found.Severity < DiagnosticSeverity.Warning));
    }

    /// <summary>The whole as an assembly that can be run.</summary>
    public static Assembly Load(Driver driver, params string[] more)
    {
        using var image = new MemoryStream();
        var result = Compile("Daemonproxy", _runtime, driver, more).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    private static CSharpCompilation Compile(string project, string[] runtime, Driver driver, string[] more)
    {
        var trees = new List<SyntaxTree>(_runtimes.GetOrAdd(project, _ => ParseRuntime(project, runtime)));

        foreach (GeneratedSourceResult source in driver.Result.GeneratedSources)
        {
            trees.Add(source.SyntaxTree);
        }

        if (project == "Daemonproxy" && driver.Sources().Contains("class LogMessages\n", StringComparison.Ordinal))
        {
            trees.Add(CSharpSyntaxTree.ParseText(Log, _parse));
        }

        foreach (string text in more)
        {
            trees.Add(CSharpSyntaxTree.ParseText(text, _parse));
        }

        return CSharpCompilation.Create("Generated", trees, _references, new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));
    }

    private static SyntaxTree[] ParseRuntime(string project, string[] runtime) => Array.ConvertAll(runtime, file =>
    {
        string path = Path.Combine(Repository.Root, "src", project, file);
        return CSharpSyntaxTree.ParseText(File.ReadAllText(path), _parse, path);
    });

    private static List<MetadataReference> References()
    {
        var references = new List<MetadataReference>();
        foreach (string path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            string name = Path.GetFileName(path);
            if (name.StartsWith("System.", StringComparison.Ordinal) || name == "Microsoft.Win32.Primitives.dll")
            {
                references.Add(MetadataReference.CreateFromFile(path));
            }
        }

        return references;
    }
}

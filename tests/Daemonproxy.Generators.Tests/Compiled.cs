using System;
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
        "Protocol/CommandError.cs", "Protocol/EventLine.cs", "Protocol/ArgumentTypes.cs", "Protocol/Pool.cs",
        "Time/Instant.cs", "Time/Seconds.cs", "Kernel/FdNumber.cs", "Kernel/Errno.cs",
        "Kernel/Pid.cs", "Kernel/Signal.cs", "Verify.cs",
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

            public EventLine Begin(LogLevel level) => new(_bytes);

            public void End(scoped ref EventLine line) => line.Byte((byte)'\n');
        }
        """;

    private static readonly CSharpParseOptions _parse = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    /// <summary>The errors and warnings of the whole.</summary>
    public static ImmutableArray<Diagnostic> Diagnose(Driver driver, params string[] more) =>
        [.. Compile(driver, more).GetDiagnostics().RemoveAll(found => found.Severity < DiagnosticSeverity.Warning)];

    /// <summary>Nothing may be wrong with it.</summary>
    public static void Succeeds(Driver driver) => Assert.Empty(Diagnose(driver));

    /// <summary>The whole as an assembly that can be run.</summary>
    public static Assembly Load(Driver driver, params string[] more)
    {
        using var image = new MemoryStream();
        var result = Compile(driver, more).Emit(image);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        image.Position = 0;
        return new AssemblyLoadContext(null, isCollectible: true).LoadFromStream(image);
    }

    private static CSharpCompilation Compile(Driver driver, string[] more)
    {
        var trees = new List<SyntaxTree>();
        foreach (string file in _runtime)
        {
            string path = Path.Combine(Repository.Root, "src", "Daemonproxy", file);
            trees.Add(CSharpSyntaxTree.ParseText(File.ReadAllText(path), _parse, path));
        }

        foreach (GeneratedSourceResult source in driver.Result.GeneratedSources)
        {
            trees.Add(CSharpSyntaxTree.ParseText(source.SourceText, _parse, source.HintName));
        }

        if (driver.Sources().Contains("class LogMessages", StringComparison.Ordinal))
        {
            trees.Add(CSharpSyntaxTree.ParseText(Log, _parse));
        }

        foreach (string text in more)
        {
            trees.Add(CSharpSyntaxTree.ParseText(text, _parse));
        }

        var references = new List<MetadataReference>();
        foreach (string path in ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator))
        {
            if (Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            {
                references.Add(MetadataReference.CreateFromFile(path));
            }
        }

        return CSharpCompilation.Create("Generated", trees, references, new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));
    }
}

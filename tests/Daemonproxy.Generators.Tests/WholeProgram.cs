using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Daemonproxy.Generators.Tests;

/// <summary>The hand-written sources of a project of this repository, compiled with the generated ones.</summary>
internal sealed class WholeProgram
{
    private static readonly CSharpParseOptions _parse = new(LanguageVersion.Latest, DocumentationMode.Diagnose);
    private readonly CSharpCompilation _handWritten;
    private readonly Dictionary<bool, HashSet<string>> _always = [];

    private WholeProgram(string project, Func<string, Driver> run)
    {
        string root = Path.Combine(Repository.Root, "src", project);
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        _handWritten = CSharpCompilation.Create(
            project,
            Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), _parse, path)),
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true,
                nullableContextOptions: NullableContextOptions.Enable));
        Run = run;
    }

    /// <summary>The daemon, with the released spec.</summary>
    public static WholeProgram Daemon { get; } =
        new("Daemonproxy", spec => Driver.Run(new SpecFile(spec), Repository.Released));

    /// <summary>The daemon, before there is a release.</summary>
    public static WholeProgram UnreleasedDaemon { get; } = new("Daemonproxy", Driver.Run);

    /// <summary>The client.</summary>
    public static WholeProgram Client { get; } = new("Daemonproxy.Client", Driver.RunClient);

    /// <summary>Runs the spec compiler.</summary>
    public Func<string, Driver> Run { get; }

    /// <summary>
    /// The errors of the C# compiler in generated code, beyond those in code of a right spec, where other
    /// generators are missed. When a generator reports an error, the compiler looks at declarations only.
    /// </summary>
    public string[] NewErrors(Driver driver, bool declarationsOnly)
    {
        if (!_always.TryGetValue(declarationsOnly, out HashSet<string>? always))
        {
            always = [.. Errors(Run(Repository.Spec), declarationsOnly)];
            _always.Add(declarationsOnly, always);
        }

        return [.. Errors(driver, declarationsOnly).Where(error => !always.Contains(error))];
    }

    private IEnumerable<string> Errors(Driver driver, bool declarationsOnly)
    {
        CSharpCompilation whole = _handWritten.AddSyntaxTrees(
            driver.Result.GeneratedSources.Select(source => source.SyntaxTree));
        return (declarationsOnly ? whole.GetDeclarationDiagnostics() : whole.GetDiagnostics())
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => found.ToString());
    }
}

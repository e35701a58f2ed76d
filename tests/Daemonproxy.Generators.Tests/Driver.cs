using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// Runs the generator as the compiler does. Every run is done twice, and the second must find everything cached, and
/// nothing that the pipeline keeps may hold on to a compilation.
/// </summary>
internal sealed class Driver
{
    private static readonly CSharpCompilation _empty = CSharpCompilation.Create("Empty");

    // Comments are parsed too, so that what is generated need not be parsed again to be compiled: see Compiled.
    private static readonly CSharpParseOptions _parse = new(LanguageVersion.Latest, DocumentationMode.Diagnose);
    private readonly AdditionalText[] _files;
    private GeneratorDriver _driver;

    private Driver(GeneratorDriver driver, AdditionalText[] files)
    {
        _files = files;
        _driver = driver;
    }

    /// <summary>The result of the last run.</summary>
    public GeneratorRunResult Result => _driver.GetRunResult().Results[0];

    /// <summary>The problems of the last run.</summary>
    public ImmutableArray<Diagnostic> Problems => Result.Diagnostics;

    public static Driver Run(params AdditionalText[] files) => Run(Project.Daemon, files);

    /// <summary>The same for a project that asks for the other side of the protocol.</summary>
    public static Driver RunClient(string spec) => Run(Project.Client, new SpecFile(spec));

    /// <summary>The same for any project.</summary>
    public static Driver Run(Project project, string spec) => Run(project, new SpecFile(spec));

    private static Driver Run(Project project, params AdditionalText[] files)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            files,
            _parse,
            project,
            driverOptions: new GeneratorDriverOptions(
                IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        var run = new Driver(driver.RunGenerators(_empty), files);
        run.Check();
        return run;
    }

    /// <summary>The same without looking at what is cached, for tests of many specs.</summary>
    public static Driver RunOnce(string spec, Project project)
    {
        AdditionalText[] files = [new SpecFile(spec)];
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            files,
            _parse,
            project);
        var run = new Driver(driver.RunGenerators(_empty), files);
        Assert.Null(run.Result.Exception);
        return run;
    }

    public static Driver Run(string spec) => Run(new SpecFile(spec));

    /// <summary>The generated files, each behind a line with its name.</summary>
    public string Sources()
    {
        var text = new StringBuilder();
        foreach (GeneratedSourceResult source in Sorted())
        {
            text.Append("======== ").Append(source.HintName).Append(" ========\n");
            text.Append(source.SourceText).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>
    /// Runs again with one of the files edited, twice, and tells which generated files were written again.
    /// </summary>
    public SortedSet<string> Rewritten(string after, string path = SpecFile.Usual)
    {
        int edited = Array.FindIndex(_files, file => file.Path == path);
        SpecFile file = new(after, path);
        _driver = _driver.ReplaceAdditionalText(_files[edited], file).RunGenerators(_empty);
        _files[edited] = file;
        Check();
        var rewritten = new SortedSet<string>(StringComparer.Ordinal);
        foreach ((string _, ImmutableArray<IncrementalGeneratorRunStep> steps) in Result.TrackedOutputSteps)
        {
            foreach (IncrementalGeneratorRunStep step in steps)
            {
                foreach ((object value, IncrementalStepRunReason reason) in step.Outputs)
                {
                    if (reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged))
                    {
                        rewritten.UnionWith(OutputNames.Of(value));
                    }
                }
            }
        }

        return rewritten;
    }

    /// <summary>True if the last run did not do a step, as nothing had changed that it works on.</summary>
    public bool IsCached(string step)
    {
        foreach (IncrementalGeneratorRunStep run in Result.TrackedSteps[step])
        {
            foreach ((_, IncrementalStepRunReason reason) in run.Outputs)
            {
                if (reason != IncrementalStepRunReason.Cached)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private void Check()
    {
        Assert.Null(Result.Exception);
        EverythingIsCachedTheSecondTime();
        Retention.HoldsNoCompilation(Result);
    }

    private void EverythingIsCachedTheSecondTime()
    {
        GeneratorDriver again = _driver.RunGenerators(_empty.Clone());
        foreach ((string name, ImmutableArray<IncrementalGeneratorRunStep> steps)
            in again.GetRunResult().Results[0].TrackedSteps)
        {
            foreach (IncrementalGeneratorRunStep step in steps)
            {
                foreach ((_, IncrementalStepRunReason reason) in step.Outputs)
                {
                    Assert.True(
                        reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged,
                        $"the step {name} is {reason} although nothing changed");
                }
            }
        }
    }

    private List<GeneratedSourceResult> Sorted()
    {
        var sources = new List<GeneratedSourceResult>(Result.GeneratedSources);
        sources.Sort((left, right) => string.CompareOrdinal(left.HintName, right.HintName));
        return sources;
    }
}

using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// An editor runs the generator for every key that is pressed, each time with another compilation of the whole program.
/// Those before must not be kept alive.
/// </summary>
public sealed class Collection
{
    private const int Keys = 8;

    private GeneratorDriver _driver = CSharpGeneratorDriver.Create(
        [new ProtocolGenerator().AsSourceGenerator()], [new SpecFile(Repository.Spec)]);

    [Fact]
    public void CompilationsOfBeforeAreCollected()
    {
        List<WeakReference> compilations = Type(kept: null);
        Collect();
        // The last one is the editor's business.
        Assert.All(compilations[..^1], compilation => Assert.False(compilation.IsAlive));
        Assert.NotEmpty(_driver.GetRunResult().GeneratedTrees);
    }

    [Fact]
    public void OnesThatAreKeptWouldBeNoticed()
    {
        List<Compilation> kept = [];
        List<WeakReference> compilations = Type(kept);
        Collect();
        Assert.All(compilations, compilation => Assert.True(compilation.IsAlive));
        Assert.Equal(Keys, kept.Count);
    }

    // In a method of its own, so that no local variable of the test keeps anything.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private List<WeakReference> Type(List<Compilation>? kept)
    {
        List<WeakReference> compilations = [];
        SyntaxTree tree = CSharpSyntaxTree.ParseText("class Program;");
        Compilation compilation = CSharpCompilation.Create("Typed", [tree]);
        for (int key = 0; key < Keys; key++)
        {
            SyntaxTree edited = CSharpSyntaxTree.ParseText($"class Program{key};");
            compilation = compilation.ReplaceSyntaxTree(tree, edited);
            tree = edited;
            _driver = _driver.RunGeneratorsAndUpdateCompilation(compilation, out Compilation updated, out _);
            // Binding it ties whatever is lazy.
            Assert.NotNull(updated.GetTypeByMetadataName($"Program{key}"));
            compilations.Add(new WeakReference(compilation));
            kept?.Add(compilation);
        }

        return compilations;
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Perfolizer.Horology;

namespace Daemonproxy.Bench;

/// <summary>
/// <c>dotnet run --project bench/Daemonproxy.Bench -c Release -- --filter '*'</c>. Everything runs in this process: a
/// project made for a benchmark would have to be restored.
/// </summary>
internal static class Program
{
    private static void Main(string[] arguments)
    {
        IConfig config = new ManualConfig()
            .AddJob(Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance)
                .WithWarmupCount(3).WithIterationCount(7).WithIterationTime(TimeInterval.FromMilliseconds(100)))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.Console)
            .AddLogger(ConsoleLogger.Default);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments, config);
    }
}

using System;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Daemonproxy.Bench;

// With --check: runs everything that is measured a few times, and fails if anything of it allocates.
if (args is ["--check"])
{
    return AllocationCheck.Run(Console.Out) ? 0 : 1;
}

// In this process: what BenchmarkDotNet generates would be built by the rules of this repository.
Job job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(job)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median)
    .WithArtifactsPath("out/bench");
BenchmarkSwitcher.FromAssembly(typeof(Measured).Assembly).Run(args, config);
return 0;

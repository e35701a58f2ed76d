using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Jobs.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;
using static Daemonproxy.Jobs.Tests.Harness.JobsExtensions;

namespace Daemonproxy.Jobs.Tests.Running;

/// <summary>Jobs as a part of an application: options, health, metrics, log.</summary>
public sealed class HostingTests
{
    [Fact]
    public async Task WrongOptionsFailTheStart()
    {
        using IHost host = new HostApplicationBuilderOf().Build(
            static options => options.Directory = "relative", logs: null);
        OptionsValidationException problem = await Assert.ThrowsAsync<OptionsValidationException>(
            () => host.StartAsync(Patience.Token));
        Assert.Contains("Directory is the absolute path", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthFollowsTheDaemon()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        using IHost host = HostOf(stage, logs: null);
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Unhealthy, (await health.CheckHealthAsync()).Status);
        await host.StartAsync(Patience.Token);
        await host.Services.GetRequiredService<IJobs>().RunAsync(new JobRequest("true"));
        HealthReport report = await health.CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("The daemon answers.", report.Entries["daemonproxy-jobs"].Description);
        await stage.Daemon.KillAsync();
        while ((report = await health.CheckHealthAsync()).Status == HealthStatus.Healthy)
        {
            await Task.Yield();
        }

        Assert.Equal(HealthStatus.Degraded, report.Status);
        await host.StopAsync(Patience.Token);
    }

    [Fact]
    public async Task MetricsCountWhatHappened()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        using IHost host = HostOf(stage, logs: null);
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();
        List<(string Name, double Value, string Tags)> seen = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Daemonproxy.Jobs" && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        listener.Start();
        await host.StartAsync(Patience.Token);
        IJobs jobs = host.Services.GetRequiredService<IJobs>();
        await jobs.RunAsync(new JobRequest("false") { Queue = "q" });
        await jobs.UntilRunsAsync((await jobs.StartAsync(Sh("exec sleep 1000"))).Name);
        listener.RecordObservableInstruments();
        lock (seen)
        {
            Assert.Equal(2, seen.Count(static one => one.Name == "daemonproxy.jobs.accepted"));
            Assert.Contains(("daemonproxy.jobs.ended", 1, "queue=q outcome=failed"), seen);
            Assert.Contains(("daemonproxy.jobs.queued", 0, ""), seen);
            Assert.Contains(("daemonproxy.jobs.active", 1, "queue=default"), seen);
            Assert.Contains(("daemonproxy.jobs.connected", 1, ""), seen);
            Assert.Single(seen, static one => one.Name == "daemonproxy.jobs.run.duration");
        }

        await host.StopAsync(Patience.Token);

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
            lock (seen)
            {
                seen.Add((instrument.Name, value, text));
            }
        }
    }

    [Fact]
    public async Task TheLogSaysHowJobsEndAndNeverTheirArguments()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        var logs = new Lines();
        using IHost host = HostOf(stage, logs);
        await host.StartAsync(Patience.Token);
        IJobs jobs = host.Services.GetRequiredService<IJobs>();
        JobInfo job = await jobs.RunAsync(new JobRequest("/bin/sh", "-c", "exit 9", "secret")
        {
            Environment = new Dictionary<string, string?> { ["A"] = "secret" },
        });
        await host.StopAsync(Patience.Token);
        Assert.Contains($"Information Job {job.Name} is over: Failed, exit code 9", logs.All);
        Assert.DoesNotContain(logs.All, static line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CallsBeforeTheStartAreAFault()
    {
        await using JobsStage stage = await JobsStage.StartAsync();
        using IHost host = HostOf(stage, logs: null);
        JobsException problem = await Assert.ThrowsAsync<JobsException>(
            () => host.Services.GetRequiredService<IJobs>().StartAsync(new JobRequest("true")));
        Assert.Equal(JobsFault.NotRunning, problem.Fault);
    }

    private static IHost HostOf(JobsStage stage, Lines? logs)
    {
        JobsOptions given = stage.Options();
        return new HostApplicationBuilderOf().Build(
            options =>
            {
                options.Socket = given.Socket;
                options.Prefix = given.Prefix;
                options.Directory = given.Directory;
                options.Application = given.Application;
            },
            logs);
    }

    private sealed class HostApplicationBuilderOf
    {
        private readonly HostApplicationBuilder _builder = Host.CreateEmptyApplicationBuilder(settings: null);

        public IHost Build(Action<JobsOptions> configure, Lines? logs)
        {
            _builder.Services.AddDaemonproxyJobs(configure);
            if (logs is not null)
            {
                _builder.Logging.AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
            }

            return _builder.Build();
        }
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly List<string> _all = [];

        public string[] All
        {
            get
            {
                lock (_all)
                {
                    return [.. _all];
                }
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_all)
            {
                _all.Add($"{logLevel} {formatter(state, exception)}");
            }
        }

        public void Dispose()
        {
        }
    }
}

using System;
using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Jobs.Planning;
using Xunit;

namespace Daemonproxy.Jobs.Tests.Planning;

/// <summary>Single decisions of the scheduler.</summary>
public sealed class SchedulerTests
{
    private static readonly Moment _now = new(1_000_000, DateTimeOffset.UnixEpoch);

    [Fact]
    public void ATryThatWasNotStartedIsNotLostWithItsDaemon()
    {
        Scheduler scheduler = New(out Job job);
        scheduler.Disconnect();
        scheduler.EndLaunch(job, LaunchResult.Refused, "The connection was lost.", sight: null, _now);
        scheduler.Connect("other", [], _now);
        Assert.Equal((JobPhase.Queued, 0), (job.Phase, job.Attempt));
    }

    [Fact]
    public void ATryThatMayHaveBeenStartedIsLostWithItsDaemon()
    {
        Scheduler scheduler = New(out Job job);
        scheduler.Disconnect();
        scheduler.EndLaunch(job, LaunchResult.Unknown, reason: null, sight: null, _now);
        scheduler.Connect("other", [], _now);
        Assert.Equal(JobStatus.Lost, job.Status);
    }

    [Fact]
    public void ATryThatMayHaveBeenStartedIsMadeAgainInItsDaemon()
    {
        Scheduler scheduler = New(out Job job);
        scheduler.Disconnect();
        scheduler.EndLaunch(job, LaunchResult.Unknown, reason: null, sight: null, _now);
        scheduler.Connect("one", [], _now);
        Assert.Equal((JobPhase.Starting, 1, true), (job.Phase, job.Attempt, job.IsLaunching));
        Assert.IsType<LaunchEffect>(Assert.Single(scheduler.TakeEffects()));
    }

    [Fact]
    public void ATryThatWasAcceptedAndIsGoneIsLost()
    {
        Scheduler scheduler = New(out Job job);
        scheduler.EndLaunch(
            job, LaunchResult.Accepted, reason: null,
            new Sight(new ServiceView(job.Terms.Id, 1, ServiceStanding.Waiting)), _now);
        scheduler.Look(job, new Sight(null), _now);
        Assert.Equal(JobStatus.Lost, job.Status);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(30, 60)]
    public void AWaitDoublesUpToItsBound(int attempts, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            new JobRetries(50) { MostDelay = TimeSpan.FromMinutes(1) }.DelayAfter(attempts));

    // A job whose start is under way in the daemon "one".
    private static Scheduler New(out Job job)
    {
        var limits = new SchedulerLimits(10, 10, new Dictionary<string, int>(), TimeSpan.FromSeconds(1));
        var scheduler = new Scheduler(limits);
        scheduler.Connect("one", [], _now);
        job = new Job(new JobTerms("id", "name", 1, "default"));
        scheduler.Add(job, _now);
        Assert.IsType<LaunchEffect>(scheduler.TakeEffects().Single());
        return scheduler;
    }
}

using System;
using System.Linq;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Xunit;

namespace Daemonproxy.Tests.Units;

/// <summary>The steps of a launch, which the spec and the log have as well.</summary>
public sealed class LaunchStepTests
{
    [Fact]
    public void TheSpecHasTheSameStepsInTheSameOrder() =>
        Assert.Equal(Enum.GetNames<LaunchStep>().Skip(1), Enum.GetNames<StartStep>());

    [Fact]
    public void EachStepHasWordsOfItsOwnInTheLog()
    {
        string[] words = [.. Enum.GetValues<LaunchStep>().Skip(1).Select(step => Convert.ToHexString(step.Text()))];
        Assert.Equal(words.Distinct(), words);
    }
}

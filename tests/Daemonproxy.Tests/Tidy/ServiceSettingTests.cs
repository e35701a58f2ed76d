using System;
using System.Collections.Generic;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.State;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Tidy;

/// <summary>
/// The places of a setting of a service that no compiler error names: its row in the statedump, and its bounds after a
/// crash. CONTRIBUTING.md lists all places.
/// </summary>
public sealed class ServiceSettingTests
{
    private const string Check = "src/Daemonproxy/Recovery/ServiceCheck.cs";

    // Fields that need no check after a crash, and why.
    private static readonly Dictionary<string, string> _unchecked = new()
    {
        [nameof(ServiceRecord.IsPlanned)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.HasFds)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.HasTree)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.IsStopping)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.IsHeld)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.IsTreeTold)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.Walks)] = "any number of walks is a number",
        [nameof(ServiceRecord.EmptyWalks)] = "any number of walks is a number",
        [nameof(ServiceRecord.IsFailureLeftOut)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.IsReady)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.Listens)] = "a byte that is not 0 is true",
        [nameof(ServiceRecord.Triggers)] = "a set of signals: a bit that is none of them starts nothing",
        [nameof(ServiceRecord.SignalsSent)] = "a set of signals: it decides a level of the log",
        [nameof(ServiceRecord.Text)] = "the table claims it, and the check asks the table",
    };

    [Fact]
    public void AStatedumpRestatesEveryTextOfAService()
    {
        using Stage stage = new();
        stage.Do("$ daemonproxy -i");
        stage.Do("> service.auto_up⇥web⇥5⇥always");
        ServiceTable services = stage.World.Running.Services;
        Assert.True(Name.TryParse("web"u8, FixedName.Longest, out Name name));
        Assert.True(services.TryFind(name, out ServiceIndex index));
        for (ServiceTextTag tag = 0; tag < ServiceTextTag.Count; tag++)
        {
            services.SetText(new ServiceTarget(name, index), tag, Encoding.ASCII.GetBytes($"text-of-{tag}"));
        }

        // The subject of a failure is restated with the failure. The path of the group of a run is for the daemon.
        using (RecordWriter<ServiceRecord> change = services.Change(index))
        {
            change.Record.FailedStep = LaunchStep.Execute;
        }

        string dump = string.Join('\n', stage.Do("> statedump"));
        for (ServiceTextTag tag = 0; tag < ServiceTextTag.Count; tag++)
        {
            Assert.True(
                tag == ServiceTextTag.RunGroup || dump.Contains($"text-of-{tag}", StringComparison.Ordinal),
                $"The statedump does not restate ServiceTextTag.{tag}: add its event to Services/ServiceEvents.cs.");
        }
    }

    [Fact]
    public void EveryFieldOfAServiceIsCheckedAfterACrash()
    {
        SourceFile check = SourceFile.All.Find(static file => file.Name == Check)!;
        foreach (FieldInfo field in typeof(ServiceRecord).GetFields())
        {
            bool isNamed = Regex.IsMatch(check.Text, $@"\brecord\.{field.Name}\b");
            Assert.True(
                isNamed || _unchecked.ContainsKey(field.Name),
                $"ServiceRecord.{field.Name} can have any value after a crash: check its bounds in {Check}, or list it "
                    + "in ServiceSettingTests with the reason why every value is valid.");
        }
    }
}

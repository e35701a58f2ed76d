using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Views;

/// <summary>The page of one service, <c>status NAME</c>: only values that differ from the default.</summary>
internal sealed class ServicePage(
    Output output, DaemonReading reading, IReadOnlyList<ServiceView> all, ClockText clock)
{
    private const int LabelWidth = 13;
    private const int OutputLines = 5;

    /// <summary>Writes the page.</summary>
    public void Write(ServiceView service, bool hasValues)
    {
        output.Write($"{service.Name}: ").Write(service.Word, StateWords.ColourOf(service.State));
        WriteTimes(service);
        output.WriteLine();
        WriteNow(service);
        WriteSettings(service, hasValues);
        WriteRelations(service);
        WriteOutput(service);
        LogLines.Write(output, service.Name, reading.Pid);
    }

    private void WriteTimes(ServiceView service)
    {
        List<string> details = [];
        if (service.Pid is { } pid)
        {
            details.Add(string.Create(CultureInfo.InvariantCulture, $"PID {pid}"));
        }

        if (service.Since is { } since)
        {
            output.Write($" for {DurationText.Of(clock.SecondsSince(since))}");
            details.Add($"since {clock.Of(since)}");
        }

        output.Write(details.Count > 0 ? $" ({string.Join(", ", details)})" : "");
    }

    private void WriteNow(ServiceView service)
    {
        Line("says", VisibleText.Of(service.Service.Status));
        if (service.State is ServiceState.Starting && service.Pid is not null)
        {
            long left = service.Tag is { ReadyWithin: > 0 } tag && service.Since is { } since
                ? Math.Max(0, tag.ReadyWithin - clock.SecondsSince(since))
                : 0;
            Line("waits for", StatusHints.SignOf(service) + (left > 0 ? $", {DurationText.Of(left)} left" : ""));
        }
        else if (service.Wellness == Wellness.NotYet)
        {
            Line("now", StatusHints.Of(service, all).Split(": dpctl")[0]);
        }
    }

    private void WriteSettings(ServiceView service, bool hasValues)
    {
        ServiceInfo info = service.Service;
        Line("command", info.ArgsFrom.Length > 0 ? $"read from {info.ArgsFrom}" : ShellWord.Join(info.Args));
        if (info.User.Count > 0)
        {
            string groups = string.Join(' ', info.User.Skip(1).Select(VisibleText.Of));
            Line("user", VisibleText.Of(info.User[0]) + (groups.Length > 0 ? $", groups {groups}" : ""));
        }

        Line("directory", VisibleText.Of(info.Directory));
        Line("root", VisibleText.Of(info.Root));
        Line("limits", Words(info.Limits));
        Line("process", Words(info.Process));
        Line("mounts", Words(info.Mounts));
        if (info.Cgroup.Count > 0)
        {
            string figures = service.Pid is { } pid ? CgroupFigures.TextOf(pid) : "";
            Line("cgroup", VisibleText.Of(info.Cgroup[0]) + figures);
            Line("", Words(info.Cgroup.Skip(1)));
        }

        WriteEnvironment(info, hasValues);
        WriteDescriptors(info);
    }

    private void WriteEnvironment(ServiceInfo info, bool hasValues)
    {
        string source = info.EnvironmentFrom.Length > 0 ? $"and what is read from {info.EnvironmentFrom}" : "";
        if (!hasValues)
        {
            IEnumerable<string> names = StatusJson.EnvironmentNames(info).Select(VisibleText.Of);
            Line("environment", string.Join(' ', names.Append(source)).TrimEnd());
            return;
        }

        string label = "environment";
        foreach (string change in info.Environment)
        {
            Line(label, change == "-" ? "from nothing" : VisibleText.Of(change));
            label = "";
        }

        Line(label, source);
    }

    private void WriteDescriptors(ServiceInfo info)
    {
        List<(string Names, string What)> lines = [];
        var descriptors = new DescriptorTexts(reading.State);
        foreach (IGrouping<string, (string Name, int Number)> same in info.Fds
            .Select((name, number) => (Name: name, Number: number)).GroupBy(fd => fd.Name))
        {
            string numbers = string.Join(", ", same.Select(fd => fd.Number));
            lines.Add(($"{numbers} {(same.Key == "-" ? "closed" : same.Key)}", descriptors.Of(same.Key)));
        }

        int width = lines.Count == 0 ? 0 : lines.Max(line => line.Names.Length) + 3;
        string label = "descriptors";
        foreach ((string names, string what) in lines)
        {
            Line(label, (names.PadRight(width) + what).TrimEnd());
            label = "";
        }
    }

    private void WriteRelations(ServiceView service)
    {
        string[] needs = [.. service.Needs.Select(WithState)];
        string[] needers =
        [
            .. all.Where(other => other.Needs.Contains(service.Name)).Select(other => WithState(other.Name)),
        ];
        Line("needs", string.Join("; ", new[]
        {
            Sentence.Join(needs), needers.Length > 0 ? $"needed by {Sentence.Join(needers)}" : "",
        }.Where(part => part.Length > 0)));
        WriteRestart(service);
        if (service.LastEnd is { } end)
        {
            Line("last end", (end.At is { } at ? $"{clock.Of(at)}, " : "") + end.LongText);
        }
    }

    private void WriteRestart(ServiceView service)
    {
        if (service.Tag is { } tag)
        {
            Line("restart", RestartText.Of(tag));
            Line("reload", tag.Reload == ManagerTag.ReloadsByCommand
                ? $"by a command: dpctl reload {service.Name}"
                : VisibleText.Of(tag.Reload));
        }
        else if (service.Service is { AutoUpInterval: { } interval } info)
        {
            Line("starts", $"on {string.Join(' ', info.AutoUpTriggers)}, "
                + $"at least {DurationText.Of(interval.Value)} from start to start");
        }
    }

    private string WithState(string name) =>
        $"{name} ({all.FirstOrDefault(other => other.Name == name)?.Word ?? "not there"})";

    private void WriteOutput(ServiceView service)
    {
        OutputFile file = new OutputFiles(reading.State, reading.Pid).Of(service);
        output.WriteLine();
        if (file.Path is null)
        {
            output.WriteLine(file.Reason);
            return;
        }

        string path = VisibleText.Of(file.Path);
        if (FileTail.Read(file.Path, OutputLines, out string reason) is not { } lines)
        {
            output.WriteLine($"Its output goes to {path}, which {reason}");
            return;
        }

        string title = file.IsShared ? "Its output, among that of others" : "Its output";
        output.WriteLine(lines.Count > 0 ? $"{title} ({path})" : $"Its output goes to {path}, which is empty");
        foreach (string line in lines)
        {
            output.WriteLine($"  {line}");
        }
    }

    private static string Words(IEnumerable<string> words) =>
        string.Join(", ", words.Select(word => VisibleText.Of(word.Replace('=', ' '))));

    // A line without a text is left out.
    private void Line(string label, string text)
    {
        if (text.Length > 0)
        {
            output.WriteLine($"  {label.PadRight(LabelWidth)}{text}");
        }
    }
}

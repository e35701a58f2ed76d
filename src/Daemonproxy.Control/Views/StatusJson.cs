using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Daemonproxy.Client;
using Daemonproxy.Control.Connecting;
using Daemonproxy.Control.Services;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Views;

/// <summary>The output of <c>status --json</c>: one object. Fields are added, never changed.</summary>
internal sealed class StatusJson(ClockText clock, bool hasValues)
{
    private const int Version = 1;

    /// <summary>Writes the daemon and its services.</summary>
    public void Write(
        Output output, string socket, DaemonReading reading, IReadOnlyList<ServiceView> services, bool isWell) =>
        JsonText.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteString("time", ClockText.Rfc3339(clock.Clock));
            json.WriteStartObject("daemon");
            JsonText.Text(json, "socket", socket);
            JsonText.Text(json, "version", reading.Pid is { } pid ? DaemonProgram.VersionOf(pid) : null);
            JsonText.Number(json, "pid", reading.Pid);
            JsonText.Number(json, "uptime_s", reading.Uptime?.Value);
            json.WriteEndObject();
            json.WriteBoolean("well", isWell);
            json.WriteStartArray("services");
            var outputs = new OutputFiles(reading.State, reading.Pid);
            foreach (ServiceView service in services)
            {
                json.WriteStartObject();
                JsonText.Text(json, "name", service.Name);
                WriteFields(json, service, outputs.Of(service).Path);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>Writes the fields of a service, besides its name.</summary>
    public void WriteFields(Utf8JsonWriter json, ServiceView service, string? outputFile)
    {
        ServiceInfo info = service.Service;
        json.WriteString("state", service.Word);
        json.WriteBoolean("well", service.Wellness == Wellness.Well);
        JsonText.Flag(json, "ready", service.Tells ? service.State is ServiceState.Ready or ServiceState.Done : null);
        json.WriteString("wanted", service.IsWanted is { } wanted ? wanted ? "up" : "down" : null);
        JsonText.Number(json, "pid", service.Pid);
        JsonText.Number(json, "restarts", service.Restarts);
        json.WriteString("since", service.Since is { } since ? clock.Rfc3339(since) : null);
        JsonText.Number(json, "since_s", service.Since is { } begun ? clock.SecondsSince(begun) : null);
        json.WriteString("next_start", service.NextStart is { } next ? clock.Rfc3339(next) : null);
        WriteEnd(json, service.LastEnd);
        JsonText.Text(json, "status", info.Status.Length > 0 ? info.Status : null);
        JsonText.Texts(json, "command", info.Args);
        JsonText.Texts(json, "descriptors", info.Fds);
        JsonText.Texts(json, "tags", info.Tags);
        JsonText.Text(json, "user", info.User.Count > 0 ? info.User[0] : null);
        JsonText.Text(json, "directory", info.Directory.Length > 0 ? info.Directory : null);
        JsonText.Text(json, "cgroup", info.Cgroup.Count > 0 ? info.Cgroup[0] : null);
        JsonText.Text(json, "output_file", outputFile);
        WriteEnvironment(json, info);
        if (service.Tag is null)
        {
            json.WriteNull("needs");
        }
        else
        {
            JsonText.Texts(json, "needs", service.Needs);
        }
    }

    private void WriteEnd(Utf8JsonWriter json, RunEnd? end)
    {
        if (end is null)
        {
            json.WriteNull("last_end");
            return;
        }

        json.WriteStartObject("last_end");
        json.WriteString("at", end.At is { } at ? clock.Rfc3339(at) : null);
        JsonText.Number(json, "uptime_s", end.Ran?.Value);
        if (end.Failure is { } failure)
        {
            json.WriteStartObject("failed");
            json.WriteString("step", failure.Step.Word());
            JsonText.Text(json, "errno", failure.Reason);
            JsonText.Text(json, "text", failure.Text);
            json.WriteEndObject();
        }
        else if (end.Signal is { } signal)
        {
            json.WriteString("signal", signal.Text);
        }
        else
        {
            JsonText.Number(json, "exit", end.ExitCode);
        }

        json.WriteEndObject();
    }

    // Only names: values are often secrets.
    private void WriteEnvironment(Utf8JsonWriter json, ServiceInfo info)
    {
        if (!hasValues)
        {
            JsonText.Texts(json, "env", EnvironmentNames(info));
            return;
        }

        json.WriteStartObject("env");
        foreach (string change in info.Environment.Where(change => change != "-"))
        {
            string[] parts = change.Split('=', 2);
            JsonText.Text(json, JsonText.Valid(parts[0]), parts.Length > 1 ? parts[1] : null);
        }

        json.WriteEndObject();
    }

    /// <summary>The names of the variables that are set, in order.</summary>
    public static IEnumerable<string> EnvironmentNames(ServiceInfo info) => info.Environment
        .Where(change => change.Contains('=', System.StringComparison.Ordinal))
        .Select(change => change.Split('=')[0])
        .Distinct()
        .Order(System.StringComparer.Ordinal);
}

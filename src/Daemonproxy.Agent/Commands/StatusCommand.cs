using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Daemonproxy.Control.Text;
using Daemonproxy.Fleet;
using Daemonproxy.Jobs;

namespace Daemonproxy.Agent.Commands;

/// <summary><c>status</c>: machines, queues and jobs of a fleet, as tables or as JSON.</summary>
internal static class StatusCommand
{
    private static readonly Option<bool> _json = new("--json") { Description = "JSON, for programs" };

    public static Command Create()
    {
        var command = new Command(
            "status",
            "Shows machines, queues and jobs. Exit code 3 if a machine is lost or troubled, or has given a job back.");
        command.Options.Add(_json);
        var redis = new RedisOptions();
        redis.AddTo(command);
        command.SetAction(line => ShowAsync(redis.Read(line), line.GetValue(_json)).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> ShowAsync(FleetOptions options, bool isJson)
    {
        options.Patience = TimeSpan.FromSeconds(3);
        try
        {
            var fleet = new FleetClient(options);
            await using (fleet.ConfigureAwait(false))
            {
                FleetStatus status = await fleet.GetStatusAsync().ConfigureAwait(false);
                Console.Out.Write(isJson ? JsonOf(status) : TextOf(status));
                bool isWell = status.Returned.Count == 0
                    && status.Machines.All(static machine => machine is { Lease: not null, Trouble: null });
                return isWell ? 0 : 3;
            }
        }
        catch (JobsException problem)
        {
            Console.Error.WriteLine($"dpctl-agent: {problem.Message}");
            return 1;
        }
    }

    private static string TextOf(FleetStatus status)
    {
        List<string[]> machines = [["MACHINE", "LEASE", "JOBS", "PLACES", "QUEUES", "VERSION", "TROUBLE"]];
        machines.AddRange(status.Machines.Select(static machine => (string[])
        [
            machine.Name,
            machine.Lease is { } lease ? SecondsOf(lease) : "lost",
            NumberOf(machine.Running),
            NumberOf(machine.Places),
            string.Join(',', machine.Queues),
            machine.Version,
            machine.Trouble ?? "-",
        ]));
        List<string[]> queues = [["QUEUE", "PRIORITY", "RECORDS", "WAITING", "LAG"]];
        queues.AddRange(status.Queues.Select(static queue => (string[])
        [
            queue.Name,
            queue.Priority.ToString().ToLowerInvariant(),
            NumberOf(queue.RecordVersion),
            NumberOf(queue.Waiting),
            SecondsOf(queue.Lag),
        ]));
        List<string[]> jobs = [["JOBS", "NUMBER"]];
        jobs.AddRange(status.Jobs.Select(static one => (string[])
            [one.Key.ToString().ToLowerInvariant(), NumberOf(one.Value)]));
        List<string> tables = [TableOf(machines), TableOf(queues), TableOf(jobs)];
        if (status.Returned.Count > 0)
        {
            List<string[]> returned = [["GIVEN BACK", "TIMES", "NEXT TRY", "WHY"]];
            returned.AddRange(status.Returned.Select(static one => (string[])
            [
                one.Job,
                NumberOf(one.Times),
                one.NextTry is { } due ? due.ToString("u", CultureInfo.InvariantCulture) : "now",
                one.Why,
            ]));
            tables.Add(TableOf(returned));
        }

        return string.Join('\n', tables);
    }

    private static string TableOf(IEnumerable<string[]> cells)
    {
        string[][] rows = [.. cells.Select(static row => row.Select(static cell => VisibleText.Of(cell)).ToArray())];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length)
            .Select(column => rows.Max(row => row[column].Length))];
        return string.Concat(rows.Select(row =>
            string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd() + "\n"));
    }

    private static string JsonOf(FleetStatus status)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("machines");
            foreach (FleetMachine machine in status.Machines)
            {
                WriteMachine(json, machine);
            }

            json.WriteEndArray();
            json.WriteStartArray("queues");
            foreach (FleetQueue queue in status.Queues)
            {
                json.WriteStartObject();
                json.WriteString("name", queue.Name);
                json.WriteString("priority", queue.Priority.ToString().ToLowerInvariant());
                json.WriteNumber("recordVersion", queue.RecordVersion);
                json.WriteNumber("waiting", queue.Waiting);
                json.WriteNumber("lagSeconds", Math.Round(queue.Lag.TotalSeconds, 3));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartObject("jobs");
            foreach ((JobStatus word, int count) in status.Jobs)
            {
                json.WriteNumber(word.ToString().ToLowerInvariant(), count);
            }

            json.WriteEndObject();
            json.WriteStartArray("returned");
            foreach (FleetReturn one in status.Returned)
            {
                json.WriteStartObject();
                json.WriteString("job", one.Job);
                json.WriteNumber("times", one.Times);
                if (one.NextTry is { } due)
                {
                    json.WriteString("nextTry", due);
                }

                json.WriteString("why", one.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    private static void WriteMachine(Utf8JsonWriter json, FleetMachine machine)
    {
        json.WriteStartObject();
        json.WriteString("name", machine.Name);
        if (machine.Lease is { } lease)
        {
            json.WriteNumber("leaseSeconds", Math.Round(lease.TotalSeconds, 3));
        }
        else
        {
            json.WriteNull("leaseSeconds");
        }

        json.WriteStartArray("queues");
        foreach (string queue in machine.Queues)
        {
            json.WriteStringValue(queue);
        }

        json.WriteEndArray();
        json.WriteNumber("places", machine.Places);
        json.WriteNumber("jobs", machine.Running);
        json.WriteString("version", machine.Version);
        json.WriteString("trouble", machine.Trouble);
        json.WriteEndObject();
    }

    private static string SecondsOf(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    private static string NumberOf(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string NumberOf(long number) => number.ToString(CultureInfo.InvariantCulture);
}

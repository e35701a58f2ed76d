using System;
using System.Collections.Generic;
using Daemonproxy.Client;

// This controller starts the worker, restarts it with a longer delay after each failure, and ends the daemon on
// SIGTERM or SIGINT.
await using DaemonConnection daemon = DaemonConnection.Inherit();
IAsyncEnumerable<DaemonEvent> changes = daemon.ReadEventsAsync(); // From here on, so that no start is missed.
await daemon.ServiceArgsAsync("worker", "./worker.sh");
await daemon.ServiceFdsAsync("worker", "null", "stdout", "stderr");
await daemon.ServiceStartAsync("worker");
Seconds delay = 1;
await foreach (DaemonEvent change in changes)
{
    switch (change)
    {
        case ServiceStateUpEvent { Name.Text: "worker" } up:
            Console.Error.WriteLine($"worker runs as process {up.Pid}");
            break;
        case ServiceStateExitedEvent { Name.Text: "worker" } exited:
            Console.Error.WriteLine($"worker exited with {exited.Value}; again in {delay} s");
            await daemon.ServiceStartAsync("worker", exited.Since + delay);
            delay = Math.Min(delay.Value * 2, 60);
            break;
        case SignalEvent { Signal.Text: "SIGTERM" or "SIGINT" }:
            Console.Error.WriteLine("good bye");
            await daemon.TerminateAsync(0);
            break;
    }
}

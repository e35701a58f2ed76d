using System;
using System.Collections.Generic;
using Daemonproxy.Connections;
using Daemonproxy.Helpers;
using Daemonproxy.Protocol;
using Daemonproxy.Services;
using Daemonproxy.State;

namespace Daemonproxy.Tests.Simulation;

/// <summary>The invariants after every turn, whatever happened in it.</summary>
internal static class Invariants
{
    public static void Check(SimWorld world)
    {
        CheckServices(world);
        CheckDescriptors(world);
        CheckBuffers(world);
        Require(world.Running.Image.Header.Changing == 0, "a record is left in the middle of a change");
    }

    /// <summary>The invariants when nothing is left to be done.</summary>
    public static void CheckAtRest(SimWorld world)
    {
        foreach (SimProcess process in world.Kernel.Processes)
        {
            Require(process.State != SimProcessState.Zombie, $"process {process.Pid} was not waited for");
        }

        for (int index = 0; index < world.Running.Services.HighWater; index++)
        {
            ref readonly ServiceRecord record = ref world.Running.Services[new ServiceIndex(index)];
            bool isLate = record.State == ServiceState.Waiting && record.Due <= world.Kernel.Now()
                && record.Tree != TreeState.Left
                && !world.Running.ServiceLauncher.IsPreparing(new ServiceIndex(index), world.Kernel.Now())
                && world.Running.LaunchSlots.FreeAt(world.Kernel.Now()) <= world.Kernel.Now();
            Require(!isLate, "a start that is due was not done");
        }
    }

    private static void CheckServices(SimWorld world)
    {
        HashSet<int> pids = [];
        ServiceTable services = world.Running.Services;
        for (int index = 0; index < services.HighWater; index++)
        {
            ref readonly ServiceRecord record = ref services[new ServiceIndex(index)];
            if (record.State == ServiceState.Up)
            {
                Require(world.Kernel.ProcessOf(record.Pid) is not null, $"no process {record.Pid.Value} is up");
                Require(pids.Add(record.Pid.Value), "two services have one process");
                Require(services.Find(record.Pid).Value == index, "a process is not found");
            }
        }

        foreach (SimProcess process in world.Kernel.Processes)
        {
            bool isKnown = process.State != SimProcessState.Running || pids.Contains(process.Pid)
                || world.Running.UpgradeSequence.CheckProcess.Value == process.Pid || WasSpared(process)
                || IsHelper(world, process) || !process.IsChild;
            Require(isKnown, $"process {process.Pid} belongs to nobody");
        }
    }

    private static bool IsHelper(SimWorld world, SimProcess process)
    {
        bool isHelper = false;
        foreach (HelperSlot slot in world.Running.Helpers.All)
        {
            isHelper |= slot.HasProcess && slot.Record.Pid.Value == process.Pid;
        }

        return isHelper;
    }

    // A program that was asked and could not be killed, which the kernel refuses only where a fault is planned.
    private static bool WasSpared(SimProcess process) =>
        process.Arguments.StartsWith("--check", System.StringComparison.Ordinal);

    // Every open descriptor is that of one name or of one connection, or one of 0, 1 and 2, which are kept open.
    private static void CheckDescriptors(SimWorld world)
    {
        HashSet<int> known = [];
        FdNumber[] numbers =
            new FdNumber[world.Running.Fds.Used + (2 * Limits.Controllers) + Limits.LaunchSlots + 4 + Limits.Fds];
        int count = world.Running.Fds.CollectNumbers(numbers);
        for (int i = 0; i < count; i++)
        {
            Require(known.Add(numbers[i].Value), "two names have one descriptor");
            Require(world.Kernel.FileOf(numbers[i]) is not null, "a name has a closed descriptor");
        }

        foreach (Connection controller in world.Running.Connections.All)
        {
            if (controller.IsInUse)
            {
                AddEnds(world, known, controller);
            }
        }

        foreach (ControlSocket socket in world.Running.Sockets.All)
        {
            FdNumber listener = socket.Listener;
            Require(listener.IsNone || known.Add(listener.Value), "a control socket has another descriptor");
        }

        count = world.Running.LaunchSlots.CollectNumbers(numbers);
        for (int i = 0; i < count; i++)
        {
            Require(known.Add(numbers[i].Value), "a launch has the descriptor of somebody else");
        }

        count = world.Running.ServiceReadiness.CollectNumbers(numbers);
        for (int i = 0; i < count; i++)
        {
            Require(known.Add(numbers[i].Value), "the pipe of a service is the descriptor of somebody else");
        }

        count = world.Running.CgroupPreparation.CollectNumbers(numbers);
        for (int i = 0; i < count; i++)
        {
            Require(known.Add(numbers[i].Value), "a control group is the descriptor of somebody else");
        }

        count = world.Running.Helpers.CollectNumbers(numbers);
        for (int i = 0; i < count; i++)
        {
            Require(known.Add(numbers[i].Value), "what a helper made or closes is the descriptor of somebody else");
        }

        count = world.Running.UpgradeSequence.CollectNumbers(numbers);
        for (int i = 0; i < count; i++)
        {
            Require(known.Add(numbers[i].Value), "what is being asked has the descriptor of somebody else");
        }

        for (int number = 0; number <= 2; number++)
        {
            if (world.Kernel.FileOf(new FdNumber(number)) is not null)
            {
                known.Add(number);
            }
        }

        // What a helper opened when it was killed is found when no other one is at work.
        bool isComplete = known.Count == world.Kernel.OpenCount
            || (world.Running.Helpers.HasSurplus && known.Count < world.Kernel.OpenCount);
        Require(isComplete, $"{world.Kernel.OpenCount} are open, {known.Count} are known");
    }

    private static void AddEnds(SimWorld world, HashSet<int> known, Connection controller)
    {
        FdNumber input = controller.Record.Input;
        FdNumber output = controller.Record.Output;
        Require(input.IsNone || known.Add(input.Value), "a connection has the descriptor of somebody else");
        Require(output.IsNone || output == input || known.Add(output.Value), "an output is that of somebody else");
        Require(input.IsNone || world.Kernel.FileOf(input) is not null, "a connection has a closed descriptor");
        Require(output.IsNone || world.Kernel.FileOf(output) is not null, "a connection has a closed descriptor");
        if (controller.Record.Given != 0)
        {
            Require(known.Add(controller.Record.GivenNumber.Value), "a given descriptor is that of somebody else");
        }

        for (int i = 0; i < controller.Record.PassedCount; i++)
        {
            Require(known.Add(controller.Record.Passed[i].Value), "a descriptor sent along is that of somebody else");
        }
    }

    private static void CheckBuffers(SimWorld world)
    {
        BufferRegion outboxes = new(world.Running.Image, RegionId.Outboxes);
        foreach (Connection controller in world.Running.Connections.All)
        {
            BufferRange outbox = controller.Record.Outbox;
            bool isWhole = outbox.Length == 0
                || outboxes[controller.Index][outbox.End - 1] == '\n';
            Require(isWhole, "an outbox ends in the middle of a line");
            Require(controller.IsInUse || outbox.Length == 0, "a free slot has something to say");
        }
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new SimulationException(problem);
        }
    }
}

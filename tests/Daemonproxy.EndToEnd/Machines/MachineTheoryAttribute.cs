using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// A test that boots a machine in QEMU, once for each architecture: a long one, run with DAEMONPROXY_LONG=1; skipped
/// where QEMU, or the image that tests/machines builds, is not there.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MachineTheoryAttribute : TheoryAttribute
{
    private static readonly (string Architecture, string Program)[] Machines =
        [("amd64", "/usr/bin/qemu-system-x86_64"), ("arm64", "/usr/bin/qemu-system-aarch64")];

    private static readonly Lazy<string?> Obstacle = new(Find);

    public MachineTheoryAttribute() => Skip = Obstacle.Value!;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("DAEMONPROXY_LONG") != "1")
        {
            return "a long test: make test-all runs it";
        }

        return Machines
            .Select(machine => !File.Exists(machine.Program) ? $"{machine.Program} is not installed"
                : !Image.IsBuilt(machine.Architecture) ? $"no image for {machine.Architecture}: see tests/machines"
                : null)
            .FirstOrDefault(obstacle => obstacle is not null);
    }
}

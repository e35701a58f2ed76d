using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Acting;
using Daemonproxy.Control.Kernel;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Verbs;
using Microsoft.Win32.SafeHandles;

namespace Daemonproxy.Control.Running;

/// <summary>A service that runs once: made from the options of <c>run</c>, and deleted at its end.</summary>
internal sealed class TransientService
{
    private readonly Session _session;
    private readonly VerbCall _call;
    private readonly List<string> _descriptors = [];

    /// <exception cref="Problem">The name is not valid, or there is such a service.</exception>
    public TransientService(Session session, VerbCall call)
    {
        _session = session;
        _call = call;
        string name = call.Value("--name") ?? $"run.{Random.Shared.Next(0x10000):x4}";
        if (!ServiceName.TryParse(name, out ServiceName parsed))
        {
            throw Problem.Usage($"'{VisibleText.Of(name)}' is not a name: 1 to 31 of A-Z a-z 0-9 . _ -");
        }

        Name = parsed;
        if (session.View(name) is not null)
        {
            throw new Problem(ExitCode.RunFailed, $"there is a service '{name}' already");
        }
    }

    public ServiceName Name { get; }

    /// <summary>True if the daemon was asked to start it.</summary>
    public bool IsStarted { get; set; }

    /// <summary>True if dpctl does not wait for the end.</summary>
    public bool IsDetached => _call.Has("--detach");

    /// <summary>Makes the service, with its descriptors and settings.</summary>
    public async Task MakeAsync()
    {
        DaemonConnection daemon = _session.Connection;
        List<Task> settings =
        [
            daemon.ServiceArgsAsync(Name, [.. _call.Program]),
            daemon.ServiceDirAsync(Name, Path.GetFullPath(_call.Value("--dir") ?? ".")),
            daemon.ServiceProcessAsync(Name, "session"),
        ];
        if (_call.Value("--user") is { } user)
        {
            settings.Add(daemon.ServiceUserAsync(Name, user.Split(':')));
        }

        if (_call.Has("--env"))
        {
            settings.Add(daemon.ServiceEnvAsync(Name, _call.Values("--env")));
        }

        if (_call.Has("--limit"))
        {
            settings.Add(daemon.ServiceLimitsAsync(Name, _call.Values("--limit")));
        }

        if (_call.Has("--tag"))
        {
            settings.Add(daemon.ServiceTagsAsync(Name, _call.Values("--tag")));
        }

        await Task.WhenAll(settings).ConfigureAwait(false);
        await PassDescriptorsAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes the names of the descriptors: the process has the descriptors, and the reader of a pipe must see its
    /// end.
    /// </summary>
    public async Task ForgetDescriptorsAsync()
    {
        foreach (string name in _descriptors)
        {
            await IgnoreAsync(_session.Connection.FdDeleteAsync(name)).ConfigureAwait(false);
        }

        _descriptors.Clear();
    }

    /// <summary>Deletes the service, unless it was given a name.</summary>
    /// <param name="always">Also then: it was never started.</param>
    public async Task ForgetAsync(bool always = false)
    {
        await ForgetDescriptorsAsync().ConfigureAwait(false);
        if (always || !_call.Has("--name"))
        {
            await IgnoreAsync(_session.Connection.ServiceDeleteAsync(Name)).ConfigureAwait(false);
        }
    }

    private async Task PassDescriptorsAsync()
    {
        string input = IsDetached ? "null" : await PassAsync(0, "in").ConfigureAwait(false);
        if (_call.Has("--output"))
        {
            using SafeFileHandle file = OpenOutput(_call.Value("--output")!);
            string output = await PassAsync(file, "out").ConfigureAwait(false);
            await _session.Connection.ServiceFdsAsync(Name, input, output, output).ConfigureAwait(false);
        }
        else if (IsDetached)
        {
            await _session.Connection.ServiceFdsAsync(Name, "null", "null", "null").ConfigureAwait(false);
        }
        else
        {
            string output = await PassAsync(1, "out").ConfigureAwait(false);
            string errors = await PassAsync(2, "err").ConfigureAwait(false);
            await _session.Connection.ServiceFdsAsync(Name, input, output, errors).ConfigureAwait(false);
        }
    }

    private static SafeFileHandle OpenOutput(string path)
    {
        try
        {
            return AppendFile.Open(path);
        }
        catch (IOException problem)
        {
            throw new Problem(ExitCode.RunFailed, $"{VisibleText.Of(path)}: {problem.Message}");
        }
    }

    private async Task<string> PassAsync(int number, string suffix)
    {
        using var own = new SafeFileHandle(number, ownsHandle: false);
        return await PassAsync(own, suffix).ConfigureAwait(false);
    }

    private async Task<string> PassAsync(SafeFileHandle descriptor, string suffix)
    {
        // Names of descriptors are as long as those of services.
        string text = Name.Text!;
        string name = $"{text[..Math.Min(text.Length, FdName.Longest - suffix.Length - 1)]}.{suffix}";
        await _session.Connection.FdTakeAsync(descriptor, name).ConfigureAwait(false);
        _descriptors.Add(name);
        return name;
    }

    private static async Task IgnoreAsync(Task command)
    {
        try
        {
            await command.ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is CommandFailedException or ConnectionClosedException)
        {
            // The service is gone already, or the connection is lost.
        }
    }
}

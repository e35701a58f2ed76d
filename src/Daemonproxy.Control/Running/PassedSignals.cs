using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Daemonproxy.Client;

namespace Daemonproxy.Control.Running;

/// <summary>
/// Passes ^C on to a service; the second within two seconds is SIGKILL for its tree. SIGTERM and SIGHUP of dpctl stop
/// it.
/// </summary>
internal sealed class PassedSignals : IDisposable
{
    private static readonly TimeSpan _twice = TimeSpan.FromSeconds(2);

    private readonly DaemonConnection _daemon;
    private readonly ServiceName _service;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private long _last = long.MinValue / 2;

    public PassedSignals(DaemonConnection daemon, ServiceName service)
    {
        _daemon = daemon;
        _service = service;
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop));
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Interrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        long now = Environment.TickCount64;
        bool isSecond = now - _last < _twice.TotalMilliseconds;
        _last = now;
        Forget(_daemon.ServiceSignalAsync(
            _service, isSecond ? Signal.Kill : Signal.Int, SignalOptions.Tree));
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Forget(_daemon.ServiceStopAsync(_service));
    }

    // The service may have ended meanwhile.
    private static async void Forget(Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

using System;

namespace Daemonproxy.Jobs;

/// <summary>Jobs that their creator disposes of.</summary>
public interface IDisposableJobs : IJobs, IAsyncDisposable;

using System;

namespace Daemonproxy.Jobs;

/// <summary>Jobs that whoever began them ends.</summary>
public interface IDisposableJobs : IJobs, IAsyncDisposable;

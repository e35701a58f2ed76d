using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Descriptors;

/// <summary>A descriptor, the file behind it, and which calls on it may wait.</summary>
internal readonly record struct ExaminedFd(FdNumber Number, FdIdentity Identity, FdBlocking Blocking);

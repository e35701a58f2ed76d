namespace Daemonproxy.Import;

/// <summary>What was imported.</summary>
/// <param name="Text">A file of the manager, daemonproxy-services(5); it passes <c>dpctl check</c>.</param>
/// <param name="Services">How many services are in it.</param>
/// <param name="Notes">How many settings were not carried over: the comments that begin with <c># NOT</c>.</param>
public sealed record ImportResult(string Text, int Services, int Notes);

namespace Daemonproxy.Import;

/// <summary>The result of an import.</summary>
/// <param name="Text">A file of the manager, daemonproxy-services(5); it passes <c>dpctl check</c>.</param>
/// <param name="Services">The number of its services.</param>
/// <param name="Notes">
/// The number of settings that were not carried over: the comments that begin with <c># NOT</c>.
/// </param>
public sealed record ImportResult(string Text, int Services, int Notes);

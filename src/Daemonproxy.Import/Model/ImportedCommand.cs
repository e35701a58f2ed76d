using System.Collections.Generic;

namespace Daemonproxy.Import.Model;

/// <summary>A command that runs for a service.</summary>
/// <param name="Words">The program and its arguments.</param>
/// <param name="User">The user that it runs as; empty for that of the service.</param>
internal sealed record ImportedCommand(List<string> Words, string User = "");

using System;

namespace Daemonproxy.Generators.Checking;

/// <summary>Where a type may stand.</summary>
[Flags]
internal enum Places
{
    None = 0,
    Command = 1,
    Option = 2,
    Event = 4,
    Message = 8,
}

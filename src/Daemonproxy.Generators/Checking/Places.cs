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

    /// <summary>A message of the log, which cannot be an answer and so may be longer.</summary>
    Log = 16,
}

namespace Daemonproxy.Launching;

/// <summary>The connection of its own that a service asks for by naming it among its descriptors.</summary>
/// <param name="Socket">One socket for both directions.</param>
/// <param name="Events">A descriptor for events.</param>
/// <param name="Commands">A descriptor for commands.</param>
internal readonly record struct WantedConnection(bool Socket, bool Events, bool Commands)
{
    public bool IsWanted => Socket || Events || Commands;
}

namespace Daemonproxy.Connections;

/// <summary>Handles the end of the interactive session, outside of the connection.</summary>
internal interface ISessionEnd
{
    /// <summary>
    /// The session has ended. Called while its record is still there: afterwards nothing tells a resume of it.
    /// </summary>
    void Note();
}

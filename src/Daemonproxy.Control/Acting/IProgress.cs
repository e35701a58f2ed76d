namespace Daemonproxy.Control.Acting;

/// <summary>Is told which services are worked on, and what became of them.</summary>
internal interface IProgress
{
    /// <summary>A service is worked on.</summary>
    void Begin(string name);

    /// <summary>A service is done: its last form.</summary>
    void Finish(Outcome outcome);
}

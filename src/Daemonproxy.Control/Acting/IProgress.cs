namespace Daemonproxy.Control.Acting;

/// <summary>Receives the progress of the services of a verb, and their outcomes.</summary>
internal interface IProgress
{
    /// <summary>Reports that work on a service has begun.</summary>
    void Begin(string name);

    /// <summary>Reports the outcome of a service: the final form of its line.</summary>
    void Finish(Outcome outcome);
}

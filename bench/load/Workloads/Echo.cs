namespace Daemonproxy.Load.Workloads;

/// <summary>The least that a command can be: what reading, finding the command and answering cost.</summary>
internal sealed class Echo() : Workload("echo", "command", "200,000 lines of `echo`, answered as they are")
{
    private const int Count = 200_000;
    private static readonly string s_text = Lines(Count, _ => "echo\tthe quick brown fox");

    public override void Prepare(Session session) => session.First.Run(s_text[..(s_text.Length / 100)]);

    public override int Run(Session session)
    {
        session.First.Run(s_text);
        return Count;
    }
}

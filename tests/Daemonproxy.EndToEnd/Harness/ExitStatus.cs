namespace Daemonproxy.EndToEnd.Harness;

/// <summary>The end of a process, from wait(2).</summary>
internal readonly record struct ExitStatus(int Status)
{
    public bool IsKilled => (Status & 0x7F) != 0;

    public int Signal => Status & 0x7F;

    public int Code => (Status >> 8) & 0xFF;

    public override string ToString() => IsKilled ? $"killed by signal {Signal}" : $"exit code {Code}";
}

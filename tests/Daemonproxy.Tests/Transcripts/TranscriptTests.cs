using System;
using System.IO;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>Every file of this folder is performed, and must come out as it is written.</summary>
public sealed class TranscriptTests
{
    internal static string Folder => Path.Combine(Repository.Root, "tests", "Daemonproxy.Tests", "Transcripts");

    public static TheoryData<string> Files()
    {
        TheoryData<string> files = [];
        string[] paths = Directory.GetFiles(Folder, "*.txt");
        Array.Sort(paths, StringComparer.Ordinal);
        foreach (string path in paths)
        {
            if (!path.EndsWith(".received.txt", StringComparison.Ordinal))
            {
                files.Add(Path.GetFileNameWithoutExtension(path));
            }
        }

        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void ComesOutAsWritten(string name)
    {
        string path = Path.Combine(Folder, name + ".txt");
        string written = File.ReadAllText(path);
        string performed = Transcript.Perform(written);
        if (performed == written)
        {
            File.Delete(Path.ChangeExtension(path, ".received.txt"));
        }
        else if (Acceptance.IsAsked)
        {
            File.WriteAllText(path, performed);
        }
        else
        {
            File.WriteAllText(Path.ChangeExtension(path, ".received.txt"), performed);
            Assert.Fail($"{name}.txt came out differently (- is written, + came out). If it is right, `make accept` "
                + "takes it over:\n"
                + LineDiff.Of(written, performed));
        }
    }
}

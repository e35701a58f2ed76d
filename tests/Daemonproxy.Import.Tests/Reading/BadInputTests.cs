using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using Daemonproxy.Import.Tests.Harness;
using Xunit;

namespace Daemonproxy.Import.Tests.Reading;

/// <summary>An input that cannot be read is refused at once, with its place.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("import-bad-").FullName;

    public static TheoryData<string, string> Files => new()
    {
        { "systemd", "a.service" }, { "supervisord", "a.conf" }, { "procfile", "Procfile" }, { "compose", "a.yml" },
    };

    public static TheoryData<string, string, string> Refused => new()
    {
        { "systemd", "[Unit]\nDescription=x\n", "1:1: there is no [Service] in it" },
        { "supervisord", "[program:x]\ncommand\n", "2:1: a line must be key=value" },
        { "supervisord", "command=x\n", "1:1: it is in no [section]" },
        { "supervisord", "[program:x\n", "1:1: a section is [name]" },
        { "supervisord", "[supervisord]\n", "1:1: there is no [program:NAME] in it" },
        { "supervisord", "[program:x]\nnumprocs=2\n", "1:1: with numprocs, process_name needs %(process_num)s" },
        { "supervisord", "[program:x]\nnumprocs=1000000000\nprocess_name=a\n", "2:1: numprocs is 1 to 1000 here" },
        { "supervisord", "[program:x]\ncommand=x\npriority=high\n", "3:1: priority must be a whole number" },
        { "procfile", "# nothing\n", "1:1: there is no line NAME: COMMAND in it" },
        { "compose", "", "1:1: there is nothing in it" },
        { "compose", "- a\n", "1:1: it is not a map with services: in it" },
        { "compose", "services: {}\n", "1:1: there are no services in it" },
        { "compose", "services:\n  a:\n    command: [x\n", "4:1: " },
        { "compose", "services:\n  a: {command: x}\n  a: {command: y}\n", "3:3: there is a 'a' already" },
        { "compose", "services:\n  a: {command: '${X'}\n", "2:16: there is no closing }" },
        { "compose", "services:\n  a: {command: '${NO_SUCH_X?why}'}\n", "2:16: the variable NO_SUCH_X must be set" },
        { "compose", "services:\n  a: {command: \"'\"}\n", "2:16: there is no closing '" },
        { "compose", "services:\n  a: {extends: a}\n", "2:6: a extends itself" },
        { "compose", "services:\n  a: {extends: b}\n", "2:16: there is no service b to be extended" },
        { "compose", "services:\n  a: {stop_grace_period: soon}\n", "2:26: stop_grace_period must be a time" },
        { "compose", "services:\n  a: &a [*a]\n", "2:10: there is no &a before it" },
        { "compose", "include: [a]\n", "1:11: it includes itself" },
        { "compose", "services: {a: {command: x}}\n---\nb: c\n", "2:1: a second document" },
        { "compose", "services: {a: {deploy: {replicas: 100000}, command: x}}\n", "1:15: more than 100 of a" },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void ATextThatIsNoneIsRefusedWithItsPlace(string kind, string name)
    {
        Assert.EndsWith($"{name}:2:3: it is not UTF-8", Refuse(kind, name, [.. "ab\ncd"u8, 0xFF]), Ordinal);
        Assert.EndsWith($"{name}:1:2: a NUL: it is not a text", Refuse(kind, name, [.. "a"u8, 0]), Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void APathThatIsNoRegularFileIsRefusedAtOnce(string kind, string name)
    {
        string path = Path.Combine(_folder, name);
        Assert.EndsWith($"{name}:1:1: No such file or directory", Refuse(kind, path), Ordinal);
        Directory.CreateDirectory(Path.Combine(_folder, name));
        Assert.Contains($"{name}", Refuse(kind, path), Ordinal);
        Directory.Delete(path);
        using (var make = Process.Start("mkfifo", [path]))
        {
            make.WaitForExit();
        }

        Assert.EndsWith($"{name}:1:1: it is not a regular file", Refuse(kind, path), Ordinal);
        File.Delete(path);
        File.CreateSymbolicLink(path, path);
        Assert.EndsWith($"{name}:1:1: No such file or directory", Refuse(kind, path), Ordinal);
        File.Delete(path);
        File.CreateSymbolicLink(path, "/proc/self/mem");
        Assert.Contains($"{name}:1:1: ", Refuse(kind, path), Ordinal);
        File.Delete(path);
        using (FileStream large = File.Create(path))
        {
            large.SetLength(100L * 1024 * 1024);
        }

        Assert.EndsWith($"{name}:1:1: it is longer than 4 MiB", Refuse(kind, path), Ordinal);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void AMistakeIsRefusedWithItsPlace(string kind, string text, string reason)
    {
        string name = kind == "systemd" ? "a.service" : "a";
        Assert.Contains($"/{name}:{reason}", Refuse(kind, name, Encoding.UTF8.GetBytes(text)), Ordinal);
    }

    [Fact]
    public void AFileThatIsNoUnitIsRefusedByItsName() => Assert.Contains(
        "/units.txt:1:1: its name must end in .service, .socket or .timer",
        Refuse("systemd", "units.txt", "[Service]\n"u8.ToArray()),
        Ordinal);

    [Fact]
    public void AChangeOfAComposeFileIsReadWithItsPlace()
    {
        File.WriteAllText(Path.Combine(_folder, "compose.yaml"), "services:\n  a:\n    command: x\n");
        File.WriteAllText(Path.Combine(_folder, "compose.override.yaml"), "services:\n  a: [1]\n");
        Assert.EndsWith("/compose.override.yaml:2:6: a must be a map", Refuse("compose", _folder), Ordinal);
        string alone = Importer.Import(ImportKind.Compose, Path.Combine(_folder, "compose.yaml")).Text;
        Assert.Contains("# NOT compose.override.yaml (it was not read", alone, Ordinal);
    }

    [Fact]
    public void AliasesThatMakeAFileHugeAreRefused()
    {
        var bomb = new StringBuilder("x0: &x0 [a, a, a, a, a, a, a, a, a]\n");
        for (int level = 1; level < 9; level++)
        {
            string alias = $"*x{level - 1}";
            bomb.Append($"x{level}: &x{level} [{string.Join(", ", Enumerable.Repeat(alias, 9))}]\n");
        }

        Assert.Contains("with its aliases it has more than", Refuse("compose", "a", Encoding.UTF8.GetBytes($"{bomb}")),
            Ordinal);
    }

    [Theory]
    [InlineData('[', 100_000)]
    [InlineData('{', 100_000)]
    public void ValuesInEachOtherWithoutEndAreRefused(char open, int count) => Assert.Contains(
        ": ", Refuse("compose", "a", Encoding.UTF8.GetBytes($"services: {new string(open, count)}")), Ordinal);

    [Fact]
    public void ServiceDirectoriesThatAreNoneAreRefused()
    {
        foreach (string kind in (string[])["runit", "s6", "daemontools"])
        {
            Assert.Contains("there is no program run in it", Refuse(kind, _folder), Ordinal);
            Assert.Contains("No such file or directory", Refuse(kind, $"{_folder}/gone"), Ordinal);
        }

        Directory.CreateDirectory($"{_folder}/a");
        File.WriteAllText($"{_folder}/a/type", "shortrun\n");
        Assert.EndsWith("/a/type:1:1: the type is longrun, oneshot or bundle", Refuse("s6", _folder), Ordinal);
    }

    // Whatever is done to a sample: the result passes the check, or the sample is refused.
    [Fact]
    public void DamagedSamplesAreReadOrRefused()
    {
        (string Kind, string Path, string Name)[] samples =
        [
            ("systemd", "systemd/places.service", "a.service"), ("systemd", "systemd/quoting.service", "b.service"),
            ("systemd", "systemd/amounts.service", "c.service"), ("systemd", "systemd/ends.service", "d.service"),
            ("supervisord", "supervisord/programs.conf", "a.conf"), ("procfile", "procfile/shop/Procfile", "Procfile"),
            ("compose", "compose/shop/compose.yaml", "a.yml"),
        ];
        var random = new Random(20261130);
        for (int round = 0; round < 350; round++)
        {
            (string kind, string from, string name) = samples[round % samples.Length];
            string text = Damage(File.ReadAllText(Path.Combine(Samples.Folder, from)), random);
            string path = Path.Combine(_folder, name);
            File.WriteAllText(path, text);
            try
            {
                Samples.Import(kind, path);
            }
            catch (ImportException refused)
            {
                Assert.Matches(@"^/[^:]+:\d+:\d+: [^\n]+$", refused.Message);
            }
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static string Damage(string text, Random random)
    {
        const string pieces = "\n\t '\"\\%${}[]:=;,&*-|>#@0\u00e9\ud83d\ude00";
        var damaged = new StringBuilder(text);
        int count = random.Next(1, 6);
        for (int change = 0; change < count && damaged.Length > 10; change++)
        {
            int at = random.Next(damaged.Length - 8);
            switch (random.Next(3))
            {
                case 0:
                    damaged.Remove(at, random.Next(1, 8));
                    break;
                case 1:
                    damaged.Insert(at, pieces[random.Next(pieces.Length - 2)]);
                    break;
                default:
                    damaged.Insert(at, text.AsSpan(random.Next(text.Length / 2), random.Next(1, text.Length / 2)));
                    break;
            }
        }

        return damaged.ToString();
    }

    private string Refuse(string kind, string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return Refuse(kind, path);
    }

    private static string Refuse(string kind, string path) => Assert.Throws<ImportException>(
        () => Importer.Import(ImportKinds.Find(kind)!.Value, path)).Message;
}

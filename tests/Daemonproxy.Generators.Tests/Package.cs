using System;
using System.IO;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The spec compiler as a package, used by projects outside this repository.</summary>
public sealed class Package : IDisposable
{
    private const string Spec = """
        # Orders of a shop.
        protocol shop 1

        # The longest line, LF included.
        limit line 1000

        # A failed order's text is cut to this many bytes.
        limit error-text 60

        # A required field is not there.
        error missing-argument "missing argument"

        # There is less of it than was asked for.
        error too-few "only {count:integer} of {what:text}"

        # Not a number.
        error expected-integer "expected a number"

        # Orders something.
        command order
          count: integer
          what: text
          fails too-few
          emits ordered

        # An order was taken.
        event ordered
          count: integer

        # A command failed.
        event error
          text: text

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("protocol-package-").FullName;

    [Fact]
    public void AProjectOutsideGetsServerClientAndManualUnderItsOwnNames()
    {
        // The configuration that these tests were built in.
        string configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        Dotnet(Repository.Root, "pack", "src/Daemonproxy.Generators", "-c", configuration, "--no-build", "-o",
            In("feed"));
        WriteProjects();

        Dotnet(In("server"), "build");
        Dotnet(In("server"), "build", "-t:ProtocolDocuments");

        Assert.Contains("order COUNT WHAT", File.ReadAllText(In("server/PROTOCOL.md")), StringComparison.Ordinal);
        string server = ReadAll(In("server/generated"));
        Assert.Contains("namespace Shop.Wire.Commands;", server, StringComparison.Ordinal);
        Assert.Contains("ref struct LineWriter", server, StringComparison.Ordinal);
        string client = ReadAll(In("client/generated"));
        Assert.Contains("partial class ShopConnection", client, StringComparison.Ordinal);
        Assert.DoesNotContain("aemonproxy", server + client, StringComparison.Ordinal);
        Assert.DoesNotContain("aemonproxy", File.ReadAllText(In("server/PROTOCOL.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void TheExampleAsksForTheVersionThatIsPacked()
    {
        string version = Between(ReadFile("Directory.Build.props"), "<Version>", "</Version>");
        Assert.Contains(
            $"Include=\"Daemonproxy.Protocol.Generator\" Version=\"[{version}]\"",
            ReadFile("examples/own-protocol/Directory.Packages.props"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheManualOfTheExampleIsMadeFromItsSpec()
    {
        string folder = Path.Combine(Repository.Root, "examples", "own-protocol");
        string[] arguments =
        [
            Path.Combine(folder, "kv.spec"), "--page", Path.Combine(folder, "PROTOCOL.md"),
            "--manual", Path.Combine(folder, "kv.7"), "--version", "1.0.0", "--date", "2026-11-24", "--check",
        ];
        Assert.True(SpecTool.DocumentCommand.Run(arguments) == 0, "It is not; run make docs-example.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void WriteProjects()
    {
        Write("shop.spec", Spec);
        Write("server/server.csproj", Project(
            """
            <OutputType>Exe</OutputType>
            <ProtocolPage>PROTOCOL.md</ProtocolPage>
            """,
            "<ProjectReference Include=\"../client/client.csproj\" />"));
        Write("client/client.csproj", Project(
            """
            <ProtocolProduct>client</ProtocolProduct>
            <ProtocolConnection>ShopConnection</ProtocolConnection>
            <ProtocolEvent>ShopEvent</ProtocolEvent>
            """,
            ""));
        Write("server/Program.cs", """
            using System;
            using Shop.Wire.Commands;
            using Shop.Wire.Protocol;

            FieldReader fields = new("order\t2\tpears"u8);
            fields.TryNext(out ReadOnlySpan<byte> name);
            CommandDispatch.Run(CommandTable.Find(name), ref fields, new CommandHandlers(new Handler()));

            internal sealed class Handler : ICommands
            {
                public CommandError Order(scoped in OrderArguments arguments) => CommandError.None;
            }

            internal static class Use
            {
                public static object Of(Shop.Wire.Client.ShopConnection shop) => shop.OrderAsync(2, "pears");
            }
            """);
    }

    private string Project(string properties, string items) =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <EnableDefaultCompileItems>false</EnableDefaultCompileItems>
            <EmitCompilerGeneratedFiles>true</EmitCompilerGeneratedFiles>
            <CompilerGeneratedFilesOutputPath>generated</CompilerGeneratedFilesOutputPath>
            <NuGetAudit>false</NuGetAudit>
            <RestoreSources>{In("feed")}</RestoreSources>
            <RestorePackagesPath>{In("packages")}</RestorePackagesPath>
            <ProtocolNamespace>Shop.Wire</ProtocolNamespace>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            <Compile Include="*.cs" />
            <PackageReference Include="Daemonproxy.Protocol.Generator" Version="*" PrivateAssets="all" />
            <ProtocolSpec Include="../shop.spec" />
            {items}
          </ItemGroup>
        </Project>
        """;

    private static void Dotnet(string folder, params string[] arguments)
    {
        (int status, string printed) = Shell.Try(
            folder, "dotnet", [.. arguments, "--nologo", "-v", "quiet", "-nodeReuse:false"]);
        Assert.True(status == 0, $"dotnet {string.Join(' ', arguments)}\n{printed}");
    }

    private static string ReadAll(string folder) => string.Concat(
        Array.ConvertAll(Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories), File.ReadAllText));

    private static string ReadFile(string name) => File.ReadAllText(Path.Combine(Repository.Root, name));

    private static string Between(string text, string before, string behind)
    {
        int begin = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return text[begin..text.IndexOf(behind, begin, StringComparison.Ordinal)];
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), text);
    }

    private string In(string name) => Path.Combine(_folder, name);
}

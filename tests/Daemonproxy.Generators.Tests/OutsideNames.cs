using Microsoft.CodeAnalysis;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>
/// A project outside gives names to what is generated: any that C# can have, or there is one problem.
/// </summary>
public sealed class OutsideNames
{
    [Theory]
    [InlineData("daemontools")]
    [InlineData("Acme.daemon")]
    [InlineData("Shop.DaemonEvent")]
    [InlineData("Daemonproxy.Client.Mine")]
    [InlineData("my-server")]
    [InlineData("My App")]
    [InlineData("1st.App")]
    [InlineData("class")]
    [InlineData("My.event")]
    [InlineData("Task")]
    [InlineData("Socket")]
    [InlineData("Shop.System")]
    [InlineData("Exception.Span")]
    public void ANamespaceMayHaveTheNameOfAnyProject(string name)
    {
        foreach (string product in (string[])["server", "client"])
        {
            Driver driver = Driver.Run(
                Project.Outside(product, "ProtocolNamespace", name), Repository.SpecOf("good", "events"));
            Assert.Empty(driver.Problems);
            Compiled.SucceedsAlone(driver);
        }
    }

    [Theory]
    [InlineData("ProtocolConnection", "daemonConnection")]
    [InlineData("ProtocolConnection", "DaemonEventConnection")]
    [InlineData("ProtocolEvent", "daemonEvent")]
    public void ATypeMayHaveANameThatOursHave(string property, string name)
    {
        Driver driver = Driver.Run(Project.Outside("client", property, name), Repository.SpecOf("good", "events"));
        Assert.Empty(driver.Problems);
        Compiled.SucceedsAlone(driver);
    }

    [Theory]
    [InlineData("ProtocolConnection", "CommandResult", "another type or a namespace is called so")]
    [InlineData("ProtocolEvent", "CommandResult", "another type or a namespace is called so")]
    [InlineData("ProtocolEvent", "Task", "another type or a namespace is called so")]
    [InlineData("ProtocolEvent", "event", "it is not the name of a type in C#")]
    [InlineData("ProtocolConnection", "A.B", "it is not the name of a type in C#")]
    [InlineData("ProtocolEvent", "KeyValueEvent", "event key-value gets this name")]
    [InlineData("ProtocolConnection", "KeyValueEvent", "event key-value gets this name")]
    public void ANameThatCannotBeUsedIsOneProblem(string property, string name, string reason)
    {
        const string spec = "# P.\nprotocol p 1\n\n# L.\nlimit line 99\n\n# L.\nlimit outbox 999\n\n"
            + "# It.\nevent key-value\n  a: text\n";
        Driver driver = Driver.Run(Project.Outside("client", property, name), spec);
        Diagnostic problem = Assert.Single(driver.Problems);
        Assert.Equal("DP0013", problem.Id);
        Assert.Equal($"{property} is {name} in the project file: {reason}", problem.GetMessage(null));
        Compiled.SucceedsAlone(driver);
    }
}

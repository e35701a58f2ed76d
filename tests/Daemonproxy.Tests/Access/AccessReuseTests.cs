using Daemonproxy.Protocol;
using Daemonproxy.Tests.Transcripts;
using Xunit;

namespace Daemonproxy.Tests.Access;

/// <summary>The records of accesses that are used again.</summary>
public sealed class AccessReuseTests
{
    [Fact]
    public void AnAccessThatNothingBelongsToIsUsedAgainAndOneOfAServiceIsNot()
    {
        using Stage stage = new();
        foreach (string line in (string[])["* directory /run", "* program /bin/x", "$ daemonproxy -i"])
        {
            stage.Do(line);
        }

        Create(stage, 1);
        stage.Do("* connect web /run/web");
        stage.Do("web> service.args⇥web.1⇥/bin/x");
        stage.Do("web> exit");
        for (int most = 2; most < 4 * Limits.Accesses; most++)
        {
            Create(stage, most);
        }

        stage.Do("* connect again /run/web");
        Assert.Contains("again< service.tags⇥web.1⇥mine", stage.Do("again> service.tags⇥web.1⇥mine"));
        Assert.Contains("again< error⇥not allowed, for command \"stats\"", stage.Do("again> stats"));
    }

    private static void Create(Stage stage, int most)
    {
        string options = $"name=web,allow=jobs,prefix=web.,user=daemon,max={most}";
        Assert.Contains($"< socket.state⇥web⇥{options}⇥/run/web", stage.Do($"> socket.create⇥{options}⇥/run/web"));
    }
}

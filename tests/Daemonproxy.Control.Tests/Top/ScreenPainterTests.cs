using System;
using Daemonproxy.Control.Text;
using Daemonproxy.Control.Top;
using Xunit;

namespace Daemonproxy.Control.Tests.Top;

/// <summary>The bytes that are sent to the terminal.</summary>
public sealed class ScreenPainterTests
{
    private readonly Output _output = new(-1) { HasColour = true };

    [Fact]
    public void OnlyTheCellsThatDifferAreDrawn()
    {
        using var painter = new ScreenPainter(_output);
        Assert.Equal(
            "\x1b[?1049h\x1b[?25l\x1b[2J\x1b[1;1Hweb\x1b[1;5H12%\x1b[2;1Hdb",
            Drawn(painter, Line("web 12%"), Line("db")));
        Assert.Equal("", Drawn(painter, Line("web 12%"), Line("db")));
        Assert.Equal("\x1b[1;6H3", Drawn(painter, Line("web 13%"), Line("db")));
        Assert.Equal("\x1b[1;5H \x1b[2;3Hx", Drawn(painter, Line("web  3%"), Line("dbx")));
        Assert.Equal("\x1b[2;1H   ", Drawn(painter, Line("web  3%")));
    }

    [Fact]
    public void AChangedColourIsDrawnAndNoneWhereThereAreNone()
    {
        using var painter = new ScreenPainter(_output);
        _ = Drawn(painter, Line("ab"));
        Assert.Equal("\x1b[1;1Hc\x1b[31mb\x1b[0m", Drawn(painter, new ScreenLine("c").Add("b", Colour.Red)));
        _output.HasColour = false;
        Assert.Equal("\x1b[1;1Hde", Drawn(painter, new ScreenLine("d", Colour.Bold).Add("e", Colour.Yellow)));
    }

    [Fact]
    public void AWideCharacterTakesTwoCells()
    {
        using var painter = new ScreenPainter(_output);
        Assert.EndsWith("\x1b[1;1H漢x", Drawn(painter, Line("漢x")), StringComparison.Ordinal);
        Assert.Equal("\x1b[1;3Hy", Drawn(painter, Line("漢y")));
        Assert.Equal("\x1b[1;1Hab", Drawn(painter, Line("aby")));
        Assert.Equal("\x1b[1;1H漢", Drawn(painter, Line("漢y")));
        Assert.EndsWith("e\u0301", Drawn(painter, Line("e\u0301")).TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void ANewSizeAndACloseDrawEverythingAgain()
    {
        using var painter = new ScreenPainter(_output);
        _ = Drawn(painter, Line("web"));
        painter.Draw([Line("web")], 11, 2);
        Assert.Equal("\x1b[0m\x1b[2J\x1b[1;1Hweb", _output.Take());
        painter.Close();
        painter.Close();
        Assert.Equal("\x1b[0m\x1b[?25h\x1b[?1049l", _output.Take());
        Assert.StartsWith("\x1b[?1049h", Drawn(painter, Line("web")), StringComparison.Ordinal);
    }

    private static ScreenLine Line(string text) => new(text);

    private string Drawn(ScreenPainter painter, params ScreenLine[] lines)
    {
        painter.Draw(lines, 10, 2);
        return _output.Take();
    }
}

using System.Globalization;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Views;

/// <summary>The restart policy of the manager, as a sentence.</summary>
internal static class RestartText
{
    /// <summary><c>on failure, 1 s to 1 min, gives up after 8; 2 so far</c>; empty if it is not known.</summary>
    public static string Of(ManagerTag tag)
    {
        if (tag.Restart.Split(',') is not [string when, string first, string most, string giveUp])
        {
            return "";
        }

        string text = when switch
        {
            "failure" => "on failure",
            "always" => "always",
            "never" => "never",
            _ => VisibleText.Of(when),
        };
        if (when != "never")
        {
            text += $", {Duration(first)} to {Duration(most)}";
            text += giveUp is "0" or "" ? "" : $", gives up after {VisibleText.Of(giveUp)}";
            text += string.Create(CultureInfo.InvariantCulture, $"; {tag.Restarts} so far");
        }

        return text;
    }

    private static string Duration(string seconds) =>
        long.TryParse(seconds, CultureInfo.InvariantCulture, out long count) ? DurationText.Of(count) : seconds;
}

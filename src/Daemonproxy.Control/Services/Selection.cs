using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Control.Text;
using Daemonproxy.Manager.Tags;
using Daemonproxy.Manager.Texts;

namespace Daemonproxy.Control.Services;

/// <summary>The services selected by words, which may contain <c>*</c>.</summary>
internal static class Selection
{
    /// <summary>The selected services, in order of their names, and a sentence for each word without a match.</summary>
    public static (List<ServiceView> Found, List<string> Missing) Of(
        IReadOnlyList<string> words, IReadOnlyList<ServiceView> all)
    {
        HashSet<string> chosen = [];
        bool IsMeant(string word, ServiceView view) =>
            NamePattern.Matches(word, view.Name) && !(NamePattern.Is(word) && view.IsAside);

        List<string> missing = [];
        foreach (string word in words)
        {
            int before = missing.Count;
            bool isFound = false;
            foreach (ServiceView view in all)
            {
                if (IsMeant(word, view))
                {
                    chosen.Add(view.Name);
                    isFound = true;
                }
            }

            if (!isFound && missing.Count == before)
            {
                missing.Add(NamePattern.Is(word)
                    ? $"no service matches '{VisibleText.Of(word)}'"
                    : $"no service '{VisibleText.Of(word)}'{Suggestion.For(word, all.Select(view => view.Name))}");
            }
        }

        return ([.. all.Where(view => chosen.Contains(view.Name))], missing);
    }

    /// <summary>
    /// The services that all of the words name, to do something with them: no pattern means the manager.
    /// </summary>
    /// <exception cref="Problem">A word has no match.</exception>
    public static List<ServiceView> Required(IReadOnlyList<string> words, IReadOnlyList<ServiceView> all)
    {
        List<ServiceView> others = [.. all.Where(
            view => view.Name != ManagerMark.Service || words.Contains(ManagerMark.Service))];
        (List<ServiceView> found, List<string> missing) = Of(words, others);
        return missing.Count == 0 ? found : throw new Problem(ExitCode.NoService, string.Join("\ndpctl: ", missing));
    }
}

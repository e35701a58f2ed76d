using System;
using System.Text;

namespace Daemonproxy.Tests.Support;

/// <summary>Where two texts differ, line by line, for people.</summary>
internal static class LineDiff
{
    private const int Context = 3;
    private const int MostLines = 80;

    public static string Of(string before, string after)
    {
        string[] left = before.Split('\n');
        string[] right = after.Split('\n');
        int[,] common = Common(left, right);
        StringBuilder diff = new();
        int lines = 0;
        int same = 0;
        int i = 0;
        int j = 0;
        while ((i < left.Length || j < right.Length) && lines < MostLines)
        {
            if (i < left.Length && j < right.Length && left[i] == right[j])
            {
                bool isNear = same++ < Context || IsBeforeChange(left, right, i, j);
                lines += isNear ? Add(diff, ' ', left[i]) : 0;
                i++;
                j++;
            }
            else if (i < left.Length && (j == right.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                same = 0;
                lines += Add(diff, '-', left[i++]);
            }
            else
            {
                same = 0;
                lines += Add(diff, '+', right[j++]);
            }
        }

        return diff.ToString();
    }

    private static bool IsBeforeChange(string[] left, string[] right, int i, int j)
    {
        for (int ahead = 1; ahead <= Context; ahead++)
        {
            bool hasBoth = i + ahead < left.Length && j + ahead < right.Length;
            if (!hasBoth || left[i + ahead] != right[j + ahead])
            {
                return i + ahead < left.Length || j + ahead < right.Length;
            }
        }

        return false;
    }

    private static int Add(StringBuilder diff, char mark, string line)
    {
        diff.Append(mark).Append(' ').Append(line).Append('\n');
        return 1;
    }

    // How long the longest common subsequence is of what follows each pair of lines.
    private static int[,] Common(string[] left, string[] right)
    {
        int[,] common = new int[left.Length + 1, right.Length + 1];
        for (int i = left.Length - 1; i >= 0; i--)
        {
            for (int j = right.Length - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j]
                    ? common[i + 1, j + 1] + 1
                    : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }
}

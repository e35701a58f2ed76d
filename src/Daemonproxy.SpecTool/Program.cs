using System;
using System.IO;
using Daemonproxy.Generators.Problems;
using Daemonproxy.Generators.Writing;
using Daemonproxy.SpecTool.Documents;

namespace Daemonproxy.SpecTool;

/// <summary>Makes the documents anew that are made from commands.spec: <c>make docs</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            if (arguments is [DocumentCommand.Name, .. string[] rest])
            {
                return DocumentCommand.Run(rest);
            }

            if (arguments.Length > 1)
            {
                Console.Error.WriteLine("Usage: Daemonproxy.SpecTool [ROOT-OF-THE-REPOSITORY]");
                Console.Error.WriteLine(DocumentCommand.Usage);
                return 2;
            }

            Repository repository = new(arguments.Length == 1 ? arguments[0] : ".");
            foreach (Document document in repository.MakeDocuments())
            {
                Renew(repository.PathOf(document), document);
            }

            return 0;
        }
        catch (BadSpecException bad)
        {
            foreach (Problem problem in bad.Problems)
            {
                Console.Error.WriteLine(problem.ToDiagnostic());
            }

            return 1;
        }
    }

    // A document that is as it should be is not touched: what depends on it need not be made again.
    private static void Renew(string path, Document document)
    {
        if (File.Exists(path) && File.ReadAllText(path) == document.Text)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, document.Text);
        Console.WriteLine($"renewed {document.Path}");
    }
}

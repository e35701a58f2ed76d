using Microsoft.AspNetCore.Http;

namespace Daemonproxy.Jobs.Web;

/// <summary>The headers of all answers.</summary>
internal static class JobsHeaders
{
    /// <summary>No answer is executed, whatever type a browser assumes.</summary>
    private const string Nothing =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    /// <summary>The page: its own script and style, from files, and nothing else.</summary>
    private const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none';"
        + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    public static void Set(HttpResponse response)
    {
        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = Nothing;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }

    public static void SetPage(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Page;
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}

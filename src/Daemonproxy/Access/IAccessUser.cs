namespace Daemonproxy.Access;

/// <summary>A table whose records can belong to an access.</summary>
internal interface IAccessUser
{
    /// <summary>Returns true if any record refers to the access.</summary>
    bool Uses(AccessIndex access);
}

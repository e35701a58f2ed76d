namespace Daemonproxy.Access;

/// <summary>A table whose records can belong to an access.</summary>
internal interface IAccessUser
{
    /// <summary>Whether any record belongs to it.</summary>
    bool Uses(AccessIndex access);
}

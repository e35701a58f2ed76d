namespace Daemonproxy.Access;

/// <summary>A table whose records can belong to an access.</summary>
internal interface IAccessPolicyUser
{
    /// <summary>Returns true if any record refers to the access.</summary>
    bool Uses(AccessPolicyIndex access);
}

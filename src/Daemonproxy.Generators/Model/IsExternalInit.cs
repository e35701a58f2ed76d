namespace System.Runtime.CompilerServices;

/// <summary>The type that the compiler needs for <c>init</c> in records; netstandard2.0 lacks it.</summary>
internal static class IsExternalInit;

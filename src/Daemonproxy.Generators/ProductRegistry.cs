using System;
using System.Text;
using Daemonproxy.Generators.Model;
using Daemonproxy.Generators.Writing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Daemonproxy.Generators;

/// <summary>Registers products, each with the part of the model that it is made of.</summary>
internal sealed class ProductRegistry(
    IncrementalGeneratorInitializationContext context,
    IncrementalValuesProvider<SpecModel> model,
    IncrementalValueProvider<Namespaces> namespaces)
{
    private static readonly Encoding _utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>A product of the spec as a whole.</summary>
    public void One<TPart>(
        string name, Func<SpecModel, TPart> part, Func<TPart, Namespaces, GeneratedFile?> write) =>
        Register(model.Select((spec, _) => part(spec)).WithTrackingName(name), write);

    /// <summary>A product of each declaration of one kind.</summary>
    public void Each<TPart>(
        string name,
        Func<SpecModel, EquatableArray<TPart>> parts,
        Func<TPart, Namespaces, GeneratedFile?> write)
        where TPart : IEquatable<TPart> =>
        Register(model.SelectMany((spec, _) => parts(spec)).WithTrackingName(name), write);

    /// <summary>The same, for a product that prints the documentation of the declaration.</summary>
    public void EachDocumented<TPart>(
        string name,
        Func<SpecModel, EquatableArray<TPart>> parts,
        Func<TPart, string> key,
        Func<Documented<TPart>, Namespaces, GeneratedFile?> write)
        where TPart : IEquatable<TPart> =>
        Each(name, spec => Document(parts(spec), key, spec.Docs), write);

    private void Register<TPart>(
        IncrementalValuesProvider<TPart> parts, Func<TPart, Namespaces, GeneratedFile?> write) =>
        context.RegisterSourceOutput(parts.Combine(namespaces), (output, pair) =>
        {
            if (write(pair.Left, pair.Right) is { } file)
            {
                output.AddSource(file.Name, SourceText.From(file.Text, _utf8));
            }
        });

    private static EquatableArray<Documented<TPart>> Document<TPart>(
        EquatableArray<TPart> parts, Func<TPart, string> key, Documentation docs)
        where TPart : IEquatable<TPart>
    {
        var documented = new Documented<TPart>[parts.Count];
        for (int index = 0; index < documented.Length; index++)
        {
            documented[index] = new Documented<TPart>(parts[index], docs.Of(key(parts[index])));
        }

        return new EquatableArray<Documented<TPart>>(documented);
    }
}

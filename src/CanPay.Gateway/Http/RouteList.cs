using CanPay.Gateway.Kernel;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CanPay.Gateway.Http;

/// <summary>One thing that can be asked of us.</summary>
/// <param name="Path">As it is mapped: <c>/ipg/{token}/pay</c>.</param>
/// <param name="Method">GET or POST; HEAD is answered as GET, or not at all.</param>
internal sealed record Route(string Path, string Method, AccessAttribute Access);

/// <summary>Everything that can be asked of this node, and who may ask it: <c>docs/access.md</c> is written from it.</summary>
internal static class RouteList
{
    /// <summary>All routes that are mapped, each form of a page for itself, by path.</summary>
    /// <exception cref="StartException">One does not say who may call it.</exception>
    public static IReadOnlyList<Route> Of(IEndpointRouteBuilder app) =>
    [
        .. app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(Routes)
            .OrderBy(route => route.Path, StringComparer.Ordinal).ThenBy(route => route.Method, StringComparer.Ordinal),
    ];

    private static IEnumerable<Route> Routes(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
        if (endpoint.Metadata.GetMetadata<CompiledPageActionDescriptor>() is { } page)
        {
            return page.HandlerMethods.Select(handler => new Route(
                path.Replace("/{handler?}", handler.Name is null ? "" : "/" + handler.Name.ToLowerInvariant(), StringComparison.Ordinal),
                handler.HttpMethod.ToUpperInvariant(),
                handler.MethodInfo.GetCustomAttributes(typeof(AccessAttribute), inherit: true).Cast<AccessAttribute>().FirstOrDefault()
                    ?? throw Undeclared(path, handler.MethodInfo.Name)));
        }

        var access = endpoint.Metadata.GetMetadata<AccessAttribute>() ?? throw Undeclared(path, endpoint.DisplayName);
        return (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? throw Undeclared(path, "no method"))
            .Where(method => method != HttpMethods.Head)
            .Select(method => new Route(path, method, access));
    }

    private static StartException Undeclared(string path, string? name) =>
        new($"The route {path} ({name}) does not say who may call it: a route without an Access attribute is not served.");
}

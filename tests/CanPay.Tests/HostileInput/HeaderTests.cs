using System.Net;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace CanPay.Tests.HostileInput;

/// <summary>What every answer says to a browser, of every route with every method, whatever the answer is.</summary>
public sealed class HeaderTests
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"];

    private static readonly string[] Nowhere = ["/", "/nothing", "/api", "/api/ipg/nothing", "/ipg/short", "/ipg//", "/r/nothing", "/documents/nothing", "/assets/nothing", "/%2e%2e/etc/passwd", "/favicon.ico"];

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Every_answer_of_every_route_is_safe_for_a_browser(string scheme)
    {
        await using var world = await World.Start("--Http:TrustedProxies=127.0.0.1", "--Http:AddressRequestsPerSecond=100000", "--Http:AddressBurst=100000", "--Http:AddressRefusalsPerMinute=100000");
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = world.Http.BaseAddress };
        var routes = world.Gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => Address(endpoint.RoutePattern)).Concat(Nowhere).Distinct().ToList();
        Assert.True(routes.Count > 25, $"There are only {routes.Count} routes.");

        var faults = new List<string>();
        foreach (var route in routes)
        {
            foreach (var method in Methods)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), route);
                request.Headers.Add("X-Forwarded-Proto", scheme);
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                faults.AddRange(Faults(answer, route, scheme == "https").Select(fault => $"{method} {route} {(int)answer.StatusCode}: {fault}"));
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void An_answer_without_its_headers_is_noticed()
    {
        using var bare = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<p>", System.Text.Encoding.UTF8, "text/html") };

        Assert.Equal(5, Faults(bare, "/ipg/x", isHttps: true).Count());
    }

    private static IEnumerable<string> Faults(HttpResponseMessage answer, string route, bool isHttps)
    {
        if (!Says(answer, "X-Content-Type-Options", "nosniff"))
        {
            yield return "it may be sniffed";
        }

        // A page, or what a browser would show as one.
        if (answer.Content.Headers.ContentType?.MediaType is "text/html" or "image/svg+xml"
            && !(Says(answer, "Content-Security-Policy", "default-src 'none'") && Says(answer, "Content-Security-Policy", "base-uri 'none'")))
        {
            yield return "it may load and run things";
        }

        if (answer.Content.Headers.ContentLength is not 0 && !Says(answer, "Content-Security-Policy", "frame-ancestors 'none'"))
        {
            yield return "it may be framed";
        }

        if (isHttps && !Says(answer, "Strict-Transport-Security", "max-age=31536000"))
        {
            yield return "http may be tried next time";
        }

        var isPrivate = route.StartsWith("/ipg", StringComparison.Ordinal) || route.StartsWith("/api", StringComparison.Ordinal) || route.StartsWith("/r/", StringComparison.Ordinal)
            || route.StartsWith("/sandbox", StringComparison.Ordinal);
        if (isPrivate && (int)answer.StatusCode is (< 300 or >= 400) && answer.Content.Headers.ContentLength is not 0 && answer.Headers.CacheControl is not { NoStore: true } && answer.StatusCode is not HttpStatusCode.MethodNotAllowed
            && answer.Content.Headers.ContentType?.MediaType is not "text/css")
        {
            yield return "it may be kept";
        }

        if (answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By"))
        {
            yield return "it says by what it was made";
        }
    }

    private static bool Says(HttpResponseMessage answer, string header, string what) =>
        answer.Headers.TryGetValues(header, out var values) && values.Any(value => value.Contains(what, StringComparison.Ordinal));

    private static string Address(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    }))));
}

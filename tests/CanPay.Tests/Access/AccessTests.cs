using CanPay.Gateway;
using CanPay.Gateway.Http;
using CanPay.Gateway.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Route = CanPay.Gateway.Http.Route;

namespace CanPay.Tests.Access;

/// <summary>Every route says who may call it, and docs/access.md says the same.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task A_gateway_with_a_route_that_says_not_who_may_call_it_does_not_start()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-access-");
        await using var app = Build(folder.FullName);
        app.MapGet("/planted", () => "all about everybody");

        var refusal = await Assert.ThrowsAsync<StartException>(() => GatewayHost.Start(app, TestContext.Current.CancellationToken));

        Assert.Contains("/planted", refusal.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_form_of_a_page_is_a_route_of_its_own()
    {
        var routes = Routes();

        Assert.Equal(Caller.PayersBrowser, routes.Single(route => route is { Path: "/ipg/{token}/pay", Method: "POST" }).Access.Caller);
        Assert.Equal(Caller.Payer, routes.Single(route => route is { Path: "/ipg/{token}", Method: "GET" }).Access.Caller);
        Assert.Equal(routes.Count, routes.Select(route => (route.Path, route.Method)).Distinct().Count());
    }

    [Fact]
    public void Nothing_but_the_merchants_calls_asks_for_a_scope() => Assert.All(
        Routes().Where(route => route.Access.Scope != default), route => Assert.StartsWith("/api/ipg/", route.Path, StringComparison.Ordinal));

    /// <summary>CANPAY_WRITE_DOCS=1 writes the page anew.</summary>
    [Fact]
    public void The_published_page_is_what_the_routes_declare()
    {
        var file = Path.Combine(Programs.Root, "docs", "access.md");
        var page = AccessDocument.Markdown(Routes());
        if (Environment.GetEnvironmentVariable("CANPAY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, page);
        }

        Assert.Equal(page, File.ReadAllText(file));
    }

    private static IReadOnlyList<Route> Routes()
    {
        var folder = Directory.CreateTempSubdirectory("canpay-access-");
        using var app = (IDisposable)Build(folder.FullName);
        var routes = RouteList.Of((WebApplication)app);
        folder.Delete(recursive: true);
        return routes;
    }

    private static WebApplication Build(string folder) => GatewayHost.Build(
        [$"--Storage:DataFolder={folder}", "--Http:Urls=http://127.0.0.1:0"], Roles.All, builder => builder.Logging.ClearProviders());
}

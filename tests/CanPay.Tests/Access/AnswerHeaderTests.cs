using System.Text.RegularExpressions;
using CanPay.Gateway.Http;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Access;

/// <summary>What holds for every answer of every route, also for errors and for what is not there.</summary>
public sealed class AnswerHeaderTests
{
    private static readonly string[] NotOurs = ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT-ME"];

    [Fact]
    public async Task Every_answer_tells_a_browser_how_to_take_it()
    {
        await using var world = await World.Start("--Http:TrustedProxies=127.0.0.1");
        var token = await world.Token();
        var asked = RouteList.Of(world.Gateway).Select(route => (route.Method, Path: Filled(route.Path, token)))
            .Concat([("GET", $"/ipg/{new string('A', 30)}"), ("GET", "/nothing"), ("GET", "/api/nothing"), ("PUT", "/api/ipg/token"), ("GET", "/ipg/assets/none.js"), ("GET", "/r/none")])
            .ToList();
        var faults = new List<string>();
        foreach (var (method, path) in asked)
        {
            using var secure = await Ask(world, method, path, isHttps: true);
            using var plain = await Ask(world, method, path, isHttps: false);
            faults.AddRange(Faults(secure).Select(fault => $"{method} {path} ({(int)secure.StatusCode}): {fault}"));
            if (plain.Headers.Contains("Strict-Transport-Security"))
            {
                faults.Add($"{method} {path}: HSTS without HTTPS");
            }
        }

        Assert.True(asked.Count > 30);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task No_route_answers_a_method_that_it_has_not()
    {
        await using var world = await World.Start();
        var token = await world.Token();
        var faults = new List<string>();
        foreach (var path in RouteList.Of(world.Gateway).Select(route => Filled(route.Path, token)).Append("/").Distinct())
        {
            foreach (var method in NotOurs)
            {
                using var answer = await Ask(world, method, path, isHttps: false);
                if ((int)answer.StatusCode is not (404 or 405 or 501))
                {
                    faults.Add($"{method} {path}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void No_script_of_the_payers_page_stores_anything() => Assert.All(
        Directory.GetFiles(Path.Combine(Programs.Root, "src", "CanPay.Gateway", "Checkout", "Assets"), "*.js"),
        file => Assert.DoesNotMatch("localStorage|sessionStorage|indexedDB|document\\.cookie|caches\\.", File.ReadAllText(file)));

    private static IEnumerable<string> Faults(HttpResponseMessage answer)
    {
        string Of(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

        if (Of("X-Content-Type-Options") != "nosniff")
        {
            yield return "no nosniff";
        }

        if (Of("Strict-Transport-Security") != "max-age=31536000; includeSubDomains")
        {
            yield return "no HSTS";
        }

        var policy = Of("Content-Security-Policy");
        foreach (var rule in new[] { "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'" })
        {
            if (!policy.Contains(rule, StringComparison.Ordinal))
            {
                yield return $"no {rule} in '{policy}'";
            }
        }

        if (answer.Headers.Any(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)))
        {
            yield return "CORS";
        }

        var type = answer.Content.Headers.ContentType;
        if (answer.Content.Headers.ContentLength is not 0 && (type is null || (Regex.IsMatch(type.MediaType!, "^text/|json$") && type.CharSet is null)))
        {
            yield return $"a body of type '{type}'";
        }
    }

    private static string Filled(string path, string token) => Regex.Replace(
        path.Replace("{token}", token, StringComparison.Ordinal), @"\{[^}]*\}", "none");

    private static async Task<HttpResponseMessage> Ask(World world, string method, string path, bool isHttps)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = world.Http.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (isHttps)
        {
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "192.0.2.1");
        }

        return await http.SendAsync(request);
    }
}

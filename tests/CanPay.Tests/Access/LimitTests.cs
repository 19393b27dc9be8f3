using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using CanPay.Gateway.Http;
using CanPay.Tests.EndToEnd;

namespace CanPay.Tests.Access;

/// <summary>Limits and lengths of bodies are those that the routes declare.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task An_address_is_held_back_where_that_is_declared_and_nowhere_else()
    {
        await using var world = await World.Start("--Http:AddressRequestsPerSecond=1", "--Http:AddressBurst=1");

        await Compare(world, Limits.Address);
    }

    [Fact]
    public async Task Who_guesses_is_held_back_where_that_is_declared_and_nowhere_else()
    {
        await using var world = await World.Start("--Http:AddressRefusalsPerMinute=1");

        await Compare(world, Limits.Refusals);
    }

    [Fact]
    public async Task A_longer_body_than_declared_is_refused()
    {
        await using var world = await World.Start();
        using var asker = new Asker(world.Http.BaseAddress!);
        var token = await world.Token();
        var form = await Town.Open(asker, token);
        var faults = new List<string>();
        foreach (var route in RouteList.Of(world.Gateway).Where(route => route.Access.MaxBodyBytes > 0))
        {
            var path = Filled(route.Path, token);
            var isCall = route.Access.Caller is Caller.Merchant or Caller.TestMerchant;
            var content = isCall ? "{\"merchant\":\"" : $"form={form}&seconds=1&pan=";
            var answer = await asker.Send(HttpMethod.Post, path, Body(content, route.Access.MaxBodyBytes + 1, isCall));

            // The framework reads a form before the page is asked: without it the page knows no payment.
            if (answer.Status != 413 && !(answer.Status == 404 && path.StartsWith("/ipg/", StringComparison.Ordinal)))
            {
                faults.Add($"{path}: {answer.Status}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static async Task Compare(World world, Limits limit)
    {
        var faults = new List<string>();
        var number = 0;
        foreach (var route in RouteList.Of(world.Gateway))
        {
            using var asker = new Asker(world.Http.BaseAddress!, $"127.0.1.{++number}");
            var heard = new List<int>();
            for (var i = 0; i < 4; i++)
            {
                var call = Body("{\"merchant\":\"no-such-merchant\"}", length: 0, isJson: true);
                heard.Add((await asker.Send(new HttpMethod(route.Method), Filled(route.Path, new string('A', 30)), route.Method == "POST" ? call : null)).Status);
            }

            if (heard.Contains(429) != route.Access.Limits.HasFlag(limit))
            {
                faults.Add($"{route.Method} {route.Path}: {string.Join(' ', heard)}");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private static StringContent Body(string begin, int length, bool isJson) =>
        new(begin.PadRight(length, 'x')) { Headers = { ContentType = new MediaTypeHeaderValue(isJson ? "application/json" : "application/x-www-form-urlencoded") } };

    private static string Filled(string path, string token) =>
        Regex.Replace(path.Replace("{token}", token, StringComparison.Ordinal), @"\{[^}]*\}", "none");
}

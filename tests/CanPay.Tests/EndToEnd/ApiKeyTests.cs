using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using CanPay.Gateway;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.EndToEnd;

/// <summary>Keys beside the address: made, rotated and revoked by <c>canpay apikey</c> while the gateway runs.</summary>
public abstract class ApiKeyTests
{
    private protected abstract EngineKind Engine { get; }

    [Fact]
    public async Task A_key_opens_what_it_is_for_and_nothing_else()
    {
        await using var world = await World.Start(Engine);
        var (secret, id) = await Create(world, "--scope", "read");

        var ping = await Call(world, "ping", secret);
        var token = await Call(world, "token", secret);
        var wrong = await Call(world, "ping", secret[..^1] + (secret[^1] == 'a' ? 'b' : 'a'));
        var foreign = await Call(world, "ping", "eyJhbGciOi.none.of-ours");

        Assert.Equal(id, ping.Body.GetProperty("data").GetProperty("key").GetProperty("id").GetString());
        Assert.Equal((HttpStatusCode.Forbidden, "scope_missing"), Said(token));
        Assert.Equal((HttpStatusCode.Unauthorized, "key_invalid"), Said(wrong));
        Assert.Equal(HttpStatusCode.OK, foreign.Status);
    }

    [Fact]
    public async Task A_merchant_that_requires_a_key_is_answered_only_with_one()
    {
        await using var world = await World.Start(Engine);
        var (secret, _) = await Create(world);
        await Canpay(world, "merchant", "set", World.Merchant, "--require-key", "true");

        Assert.Equal((HttpStatusCode.Unauthorized, "key_required"), Said(await Call(world, "ping", secret: null)));
        Assert.Equal(HttpStatusCode.OK, (await Call(world, "ping", secret)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Call(world, "token", secret)).Status);
    }

    [Fact]
    public async Task A_rotated_key_works_on_until_its_grace_is_over_and_a_revoked_one_not_at_all()
    {
        await using var world = await World.Start(Engine);
        var (old, oldId) = await Create(world);
        var (next, nextId) = Secret(await Canpay(world, "apikey", "rotate", oldId, "--json"));

        Assert.Equal(HttpStatusCode.OK, (await Call(world, "ping", old)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Call(world, "ping", next)).Status);
        await using (var books = await world.NewBooks())
        {
            var row = await books.ApiKeys.SingleAsync(key => key.Id == oldId);
            Assert.InRange((row.ExpiresAtMs!.Value - row.CreatedAtMs) / 3_600_000.0, 23.9, 24.1);
            row.ExpiresAtMs = row.CreatedAtMs;
            (await books.Merchants.SingleAsync(merchant => merchant.Id == row.MerchantId)).Version++;
            await books.SaveChangesAsync();
        }

        Assert.Equal((HttpStatusCode.Unauthorized, "key_invalid"), Said(await Call(world, "ping", old)));
        await Canpay(world, "apikey", "revoke", nextId);
        Assert.Equal((HttpStatusCode.Unauthorized, "key_invalid"), Said(await Call(world, "ping", next)));
    }

    [Fact]
    public async Task A_key_of_another_merchant_or_from_another_address_opens_nothing()
    {
        await using var world = await World.Start(Engine);
        var (secret, _) = await Create(world);
        await using (var books = await world.NewBooks())
        {
            var other = SomeMerchant.Row("999-888-777-666");
            other.Addresses = "127.0.0.0/8";
            books.Merchants.Add(other);
            await books.SaveChangesAsync();
        }

        Assert.Equal((HttpStatusCode.Unauthorized, "key_invalid"), Said(await Call(world, "ping", secret, "999-888-777-666")));
        await Canpay(world, "merchant", "set", World.Merchant, "--ip", "192.0.2.7");
        Assert.Equal((HttpStatusCode.Forbidden, "access_denied"), Said(await Call(world, "ping", secret)));
    }

    [Fact]
    public async Task Nothing_of_a_secret_is_kept()
    {
        await using var world = await World.Start(Engine);
        var (secret, id) = await Create(world);
        await using var books = await world.NewBooks();

        Assert.Equal(ApiKey.Hash(secret), (await books.ApiKeys.SingleAsync(key => key.Id == id)).SecretHash);
        Assert.DoesNotContain(secret[^20..], await Canpay(world, "apikey", "list", "--merchant", World.Merchant, "--json"), StringComparison.Ordinal);
    }

    private static async Task<(string Secret, string Id)> Create(World world, params string[] more) =>
        Secret(await Canpay(world, ["apikey", "create", "--merchant", World.Merchant, "--json", .. more]));

    private static (string Secret, string Id) Secret(string json)
    {
        var made = JsonDocument.Parse(json).RootElement;
        return (made.GetProperty("secret").GetString()!, made.GetProperty("key").GetProperty("id").GetString()!);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Call(World world, string call, string? secret, string merchant = World.Merchant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/ipg/{call}")
        {
            Content = JsonContent.Create(new { merchant, amount = 10_000, callback_url = World.Callback, invoice_id = Guid.NewGuid().ToString("N") }),
        };
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        using var answer = await world.Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static (HttpStatusCode, string?) Said((HttpStatusCode Status, JsonElement Body) answer) =>
        (answer.Status, answer.Body.TryGetProperty("error", out var error) ? error.GetString() : null);

    private static async Task<string> Canpay(World world, params string[] args)
    {
        var storage = world.Gateway.Services.GetRequiredService<IOptions<StorageOptions>>().Value;
        var start = new ProcessStartInfo(Programs.Gateway, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Storage__DataFolder"] = storage.DataFolder, ["Storage__Postgres"] = storage.Postgres },
        };
        using var canpay = Process.Start(start)!;
        var said = canpay.StandardOutput.ReadToEndAsync();
        var complained = canpay.StandardError.ReadToEndAsync();
        await canpay.WaitForExitAsync();
        Assert.True(canpay.ExitCode == 0, await said + await complained);
        return await said;
    }
}

public sealed class SqliteApiKeyTests : ApiKeyTests
{
    private protected override EngineKind Engine => EngineKind.Sqlite;
}

public sealed class PostgresApiKeyTests : ApiKeyTests
{
    private protected override EngineKind Engine => EngineKind.Postgres;
}

using System.Security.Cryptography;
using CanPay.Gateway;
using CanPay.Gateway.Http;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Payments;
using CanPay.Gateway.Storage;
using CanPay.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CanPay.Tests.Access;

/// <summary>A running gateway that judges as where money is real, and everybody who may or may not call it.</summary>
internal sealed class Town : IAsyncDisposable
{
    public const string A = "access-a";
    public const string B = "access-b";
    public const string Suspended = "access-suspended";
    public const string OnlyWithKey = "access-key";
    public const string Test = "access-test";
    public const string Shop = "https://localhost/";

    private const string OnlyAddress = "127.0.0.1";

    private Town(World world) => World = world;

    public World World { get; }

    public IReadOnlyList<Route> Routes => RouteList.Of(World.Gateway);

    /// <summary>Keys of A, by what they are: a scope's name, "revoked", "expired"; "foreign" is one of B.</summary>
    public Dictionary<string, string> Keys { get; } = [];

    /// <param name="customize">Changes the gateway before it is built.</param>
    public static async Task<Town> Start(EngineKind engine, Action<WebApplicationBuilder>? customize = null)
    {
        var town = new Town(await World.Start(engine, log: null, customize, ["--Http:AddressRefusalsPerMinute=1000000"]));
        await using var books = await town.World.NewBooks();
        foreach (var (code, status) in new[] { (A, "Active"), (B, "Active"), (Suspended, "Suspended"), (OnlyWithKey, "Active") })
        {
            var row = SomeMerchant.Row(code, status, OnlyAddress);
            row.RequireKey = code == OnlyWithKey;
            row.RefundMethod = nameof(RefundMethod.Bank);
            row.ReferrerPolicy = nameof(ReferrerPolicy.Strict);
            books.Merchants.Add(row);
        }

        var test = SomeMerchant.Test(Test);
        test.Addresses = OnlyAddress;
        test.RefundMethod = nameof(RefundMethod.Bank);
        books.Merchants.Add(test);
        await books.SaveChangesAsync();
        foreach (var scope in Enum.GetNames<ApiScope>())
        {
            await town.AddKey(books, A, scope, scope);
        }

        await town.AddKey(books, A, "revoked", "Payments Refunds Read", key => key.RevokedAtMs = 1);
        await town.AddKey(books, A, "expired", "Payments Refunds Read", key => key.ExpiresAtMs = 1);
        await town.AddKey(books, B, "foreign", "Payments Refunds Read");

        // Keys and switch are the sandbox's; who may do what is decided as where money is real.
        town.World.Gateway.Services.GetRequiredService<IOptions<SandboxOptions>>().Value.Enabled = false;
        return town;
    }

    public Asker NewAsker(string from = OnlyAddress) => new(World.Http.BaseAddress!, from);

    /// <summary>A new payment of a merchant that has come as far as asked.</summary>
    public async Task<string> Payment(string merchant, PaymentStatus status = PaymentStatus.Created)
    {
        using var asker = NewAsker();
        var answer = await asker.Call("/api/ipg/token", new()
        {
            ["merchant"] = merchant,
            ["amount"] = 10_000,
            ["callback_url"] = Shop,
            ["invoice_id"] = NewId(),
            ["mobile"] = "09121234567",
        });
        Assert.Equal(200, answer.Status);
        var token = answer.Body.Split("\"token\":\"")[1].Split('"')[0];
        if (status is PaymentStatus.Created)
        {
            return token;
        }

        await Pay(asker, token);
        if (status is PaymentStatus.Verified)
        {
            Assert.Equal(200, (await asker.Call("/api/ipg/verify", new() { ["merchant"] = merchant, ["token"] = token })).Status);
        }

        return token;
    }

    /// <summary>Opens the payment as a payer who comes from the shop.</summary>
    /// <returns>The key of its forms.</returns>
    public static async Task<string> Open(Asker browser, string token) =>
        Browser.FormToken((await browser.Get($"/ipg/{token}", Shop)).Body);

    public async Task Pay(Asker browser, string token)
    {
        await browser.Form($"/ipg/{token}/pay", Card(await Open(browser, token)), browser.Origin);
        await World.UntilStatus(token, PaymentStatus.Authorized);
    }

    public static Dictionary<string, string> Card(string form) => new()
    {
        ["pan"] = World.ApprovedCard,
        ["cvv2"] = "123",
        ["month"] = "12",
        ["year"] = "09",
        ["pin"] = "12345",
        ["form"] = form,
    };

    public static string NewId() => Convert.ToHexString(RandomNumberGenerator.GetBytes(8));

    /// <summary>What must not change by what is denied.</summary>
    public async Task<(PaymentStatus, long)> State(string token) => await World.Payment(token) is var payment ? (payment.Status, payment.Version) : default;

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private async Task AddKey(CanPayContext books, string merchant, string name, string scopes, Action<ApiKeyRow>? change = null)
    {
        var secret = ApiKey.NewSecret(isTest: false);
        var row = new ApiKeyRow
        {
            Id = ApiKey.NewId(),
            MerchantId = (await books.Merchants.SingleAsync(known => known.Code == merchant)).Id,
            Name = name,
            SecretHash = ApiKey.Hash(secret),
            Scopes = scopes,
            CreatedAtMs = 1,
        };
        change?.Invoke(row);
        books.ApiKeys.Add(row);
        await books.SaveChangesAsync();
        Keys[name] = secret;
    }
}

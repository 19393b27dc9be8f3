using System.CommandLine;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay apikey create|list|rotate|revoke</c>: the keys that a merchant's servers may send. A secret is shown once.</summary>
internal static class ApiKeyCommands
{
    private static readonly Argument<string> Id = new("KEY") { Description = "The key's id, like key_4fT0aZ81kQx2." };
    private static readonly Option<string> MerchantCode = new("--merchant") { Description = "The merchant's code.", Required = true };
    private static readonly Option<bool> Json = new("--json") { Description = "For programs." };

    public static Command Make() => new("apikey", "Keys of merchants, beside their addresses.") { Create(), List(), Rotate(), Revoke() };

    private static Command Create()
    {
        var name = new Option<string>("--name") { Description = "What the key is for, 1 to 100 characters.", DefaultValueFactory = _ => "server" };
        var scopes = new Option<ApiScope[]>("--scope")
        {
            Description = "payments (token, verify, reverse), refunds, read. Repeat for more; all where none is given.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => Enum.GetValues<ApiScope>(),
        };
        var command = new Command("create", "Makes a key and shows it, once. Example: canpay apikey create --merchant 111-222-333-444 --scope payments --scope read")
        {
            MerchantCode, name, scopes, Json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var code = parsed.GetValue(MerchantCode)!;
            var merchant = await books.Merchants.SingleOrDefaultAsync(row => row.Code == code, ct)
                ?? throw new StartException($"There is no merchant with the code {code}.");
            var secret = ApiKey.NewSecret(MerchantDetails.IsTest(merchant.TerminalId));
            var key = Row(merchant, MerchantDetails.Name(parsed.GetValue(name)!), string.Join(' ', parsed.GetValue(scopes)!.Distinct().Order()), secret, tool.Clock);
            books.ApiKeys.Add(key);
            await Save(books, merchant, ct);
            Print(key, secret, parsed.GetValue(Json));
            return CommandLine.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All keys of a merchant, also those that are over. No secrets: nobody knows them but the merchant.") { MerchantCode, Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var code = parsed.GetValue(MerchantCode)!;
            var keys = await books.ApiKeys.AsNoTracking()
                .Where(key => books.Merchants.Any(merchant => merchant.Id == key.MerchantId && merchant.Code == code))
                .OrderBy(key => key.CreatedAtMs)
                .ToListAsync(ct);
            if (parsed.GetValue(Json))
            {
                Tool.PrintJson(keys.Select(Shape));
                return CommandLine.Done;
            }

            var table = new Table().AddColumns("key", "name", "scopes", "made", "good until", "revoked");
            foreach (var key in keys)
            {
                table.AddRow(new[] { key.Id, key.Name, key.Scopes.ToLowerInvariant(), Tool.Time(key.CreatedAtMs), Tool.Time(key.ExpiresAtMs), Tool.Time(key.RevokedAtMs) }
                    .Select(Markup.Escape).ToArray());
            }

            Tool.Print(table);
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Rotate()
    {
        var grace = new Option<int>("--grace-hours")
        {
            Description = "Hours for which the old key still works.",
            DefaultValueFactory = _ => 24,
        };
        var command = new Command("rotate", "A new key with the same scopes; the old one works 24 hours more.") { Id, grace, Json };
        command.SetAction((parsed, ct) => Change(parsed, (books, old, merchant, clock) =>
        {
            if (parsed.GetValue(grace) is < 0 or > 24 * 30)
            {
                throw new StartException("--grace-hours must be 0 to 720 hours.");
            }

            var now = clock.GetUtcNow();
            if (old.ExpiresAtMs is not null)
            {
                throw new StartException($"The key {old.Id} was replaced before. Rotate the one that replaced it (canpay apikey list).");
            }

            var secret = ApiKey.NewSecret(MerchantDetails.IsTest(merchant.TerminalId));
            var next = Row(merchant, old.Name, old.Scopes, secret, clock);
            books.ApiKeys.Add(next);
            old.ExpiresAtMs = now.AddHours(parsed.GetValue(grace)).ToUnixTimeMilliseconds();
            Print(next, secret, parsed.GetValue(Json));
        }, ct));
        return command;
    }

    private static Command Revoke()
    {
        var command = new Command("revoke", "Ends a key at once, on all nodes, for good.") { Id, Json };
        command.SetAction((parsed, ct) => Change(parsed, (_, key, _, clock) =>
        {
            key.RevokedAtMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
            Print(key, secret: null, parsed.GetValue(Json));
        }, ct));
        return command;
    }

    private static async Task<int> Change(
        ParseResult parsed, Action<CanPayContext, ApiKeyRow, MerchantRow, TimeProvider> change, CancellationToken ct)
    {
        await using var tool = await Tool.Open(ct);
        await using var books = await tool.Books(ct);
        var id = parsed.GetValue(Id)!;
        if (await books.ApiKeys.SingleOrDefaultAsync(row => row.Id == id, ct) is not { RevokedAtMs: null } key)
        {
            await Console.Error.WriteLineAsync($"canpay: there is no key {id} that is not revoked.");
            return CommandLine.No;
        }

        var merchant = await books.Merchants.SingleAsync(row => row.Id == key.MerchantId, ct);
        change(books, key, merchant, tool.Clock);
        await Save(books, merchant, ct);
        return CommandLine.Done;
    }

    /// <summary>Nodes notice by the merchant's version, with its next request.</summary>
    private static async Task Save(CanPayContext books, MerchantRow merchant, CancellationToken ct)
    {
        merchant.Version++;
        await books.SaveChangesAsync(ct);
    }

    private static ApiKeyRow Row(MerchantRow merchant, string name, string scopes, string secret, TimeProvider clock) => new()
    {
        Id = ApiKey.NewId(),
        MerchantId = merchant.Id,
        Name = name,
        SecretHash = ApiKey.Hash(secret),
        Scopes = scopes,
        CreatedAtMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private static void Print(ApiKeyRow key, string? secret, bool asJson)
    {
        if (asJson)
        {
            Tool.PrintJson(new { secret, key = Shape(key) });
            return;
        }

        Console.WriteLine(secret is null
            ? $"{key.Id} is revoked."
            : $"""
              {secret}
              is the key {key.Id} ({key.Scopes.ToLowerInvariant()}). It is shown this once; only its fingerprint is kept.
              Send it as: Authorization: Bearer <key>
              """);
    }

    private static object Shape(ApiKeyRow key) => new
    {
        key.Id,
        key.Name,
        scopes = key.Scopes.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries),
        key.CreatedAtMs,
        key.ExpiresAtMs,
        key.RevokedAtMs,
    };
}

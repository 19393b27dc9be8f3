using System.CommandLine;
using System.Globalization;
using CanPay.Gateway.Kernel;
using CanPay.Gateway.Merchants;
using CanPay.Gateway.Storage;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace CanPay.Gateway.Operations;

/// <summary><c>canpay merchant add|list|show|set|suspend|resume</c></summary>
internal static class MerchantCommands
{
    private static readonly Argument<string> Code = new("CODE") { Description = "The merchant's code, like 111-222-333-444." };
    private static readonly Option<bool> Json = new("--json") { Description = "For programs." };
    private static readonly Option<string?> Name = new("--name") { Description = "What payers read, 1 to 100 characters." };
    private static readonly Option<string[]> Ip = Many("--ip", "Address or CIDR block that may call the API. Repeat for more; replaces the list.");
    private static readonly Option<string[]> Domain = Many("--domain", "Domain of the shop; sub-domains are included. Repeat for more; replaces the list.");
    private static readonly Option<long?> Min = new("--min") { Description = "Smallest amount in rials." };
    private static readonly Option<long?> Max = new("--max") { Description = "Largest amount in rials." };
    private static readonly Option<ReferrerPolicy?> Referrer = new("--referrer")
    {
        Description = "A payer without referrer: explain and ask (default), strict: refuse, off: nobody's referrer is asked.",
    };

    private static readonly Option<CallbackMethod?> Callback = new("--callback") { Description = "The way back: post (default, as the guide says) or get." };
    private static readonly Option<RefundMethod?> Refunds = new("--refunds")
    {
        Description = "How money of verified payments goes back: off (default), card: by the network to the card that paid, bank: by an operator.",
    };

    private static readonly Option<bool?> AllowHttp = new("--allow-http") { Description = "Plain http callbacks; honoured in the sandbox only." };
    private static readonly Option<bool?> RequireKey = new("--require-key") { Description = "The address alone opens nothing: an API key must be sent, too (canpay apikey)." };
    private static readonly Option<string?> TerminalId = new("--terminal") { Description = "Terminal at the switch, 8 characters." };
    private static readonly Option<string?> AcceptorId = new("--acceptor") { Description = "Acceptor at the switch, 15 characters." };
    private static readonly Option<string?> Category = new("--category") { Description = "Merchant category, 4 digits." };

    public static Command Make() => new("merchant", "The shops that take payments.")
    {
        Add(), List(), Show(), Set(), Status("suspend", MerchantStatus.Suspended, "Stops a merchant at once."),
        Status("resume", MerchantStatus.Active, "Lets a suspended merchant work again."),
    };

    private static Command Add()
    {
        var code = new Option<string?>("--code") { Description = "The merchant's code; made at random where none is given." };
        var test = new Option<bool>("--test") { Description = "A test merchant, for good: its payments move no money and stand in books of their own." };
        var command = new Command("add",
            "Adds a merchant and prints its code. Example: canpay merchant add --name \"کتابسرا\" --ip 192.0.2.7 --domain site.com "
            + "--terminal 12345678 --acceptor 123456789012345")
        {
            code, test, Name, Ip, Domain, Min, Max, Referrer, Callback, Refunds, AllowHttp, RequireKey, TerminalId, AcceptorId, Category, Json,
        };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var limits = tool.Options<PaymentOptions>();
            var row = new MerchantRow
            {
                Code = MerchantDetails.Code(parsed.GetValue(code) ?? MerchantDetails.NewCode()),
                Name = MerchantDetails.Name(parsed.GetValue(Name) ?? throw new StartException("--name is missing: payers must read whom they pay.")),
                Status = nameof(MerchantStatus.Active),
                Addresses = "",
                Domains = "",
                MinAmountRials = limits.MinAmountRials,
                MaxAmountRials = limits.MaxAmountRials,
                ReferrerPolicy = nameof(ReferrerPolicy.Explain),
                CallbackMethod = nameof(CallbackMethod.Post),
                AllowHttpCallback = false,
                TerminalId = parsed.GetValue(test) ? MerchantDetails.TestTerminal : "00000001",
                AcceptorId = "000000000000001",
                CategoryCode = "5999",
                CreatedAtMs = tool.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
                Version = 1,
            };
            Change(row, parsed);
            if (await books.Merchants.AnyAsync(merchant => merchant.Code == row.Code, ct))
            {
                throw new StartException($"There is a merchant with the code {row.Code} already.");
            }

            books.Merchants.Add(row);
            await books.SaveChangesAsync(ct);
            Print(row, parsed.GetValue(Json));
            return CommandLine.Done;
        });
        return command;
    }

    private static Command Set()
    {
        var command = new Command("set", "Changes a merchant; what is not named stays. Works at once. Example: canpay merchant set 111-222-333-444 --ip 192.0.2.7 --ip 192.0.2.8")
        {
            Code, Name, Ip, Domain, Min, Max, Referrer, Callback, Refunds, AllowHttp, RequireKey, TerminalId, AcceptorId, Category, Json,
        };
        command.SetAction((parsed, ct) => Edit(parsed, row => Change(row, parsed), ct));
        return command;
    }

    private static Command Status(string verb, MerchantStatus status, string text)
    {
        var command = new Command(verb, text) { Code, Json };
        command.SetAction((parsed, ct) => Edit(parsed, row => row.Status = status.ToString(), ct));
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "One merchant.") { Code, Json };
        command.SetAction((parsed, ct) => Edit(parsed, change: null, ct));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All merchants.") { Json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var tool = await Tool.Open(ct);
            await using var books = await tool.Books(ct);
            var rows = await books.Merchants.AsNoTracking().OrderBy(row => row.Id).ToListAsync(ct);
            if (parsed.GetValue(Json))
            {
                Tool.PrintJson(rows.Select(Shape));
                return CommandLine.Done;
            }

            var table = new Table().AddColumns("code", "name", "status", "addresses", "domains", "from", "to");
            foreach (var row in rows)
            {
                table.AddRow(new[] { row.Code, row.Name, row.Status, row.Addresses, row.Domains, Money(row.MinAmountRials), Money(row.MaxAmountRials) }
                    .Select(Markup.Escape).ToArray());
            }

            Tool.Print(table);
            return CommandLine.Done;
        });
        return command;
    }

    private static async Task<int> Edit(ParseResult parsed, Action<MerchantRow>? change, CancellationToken ct)
    {
        await using var tool = await Tool.Open(ct);
        await using var books = await tool.Books(ct);
        var code = parsed.GetValue(Code)!;
        if (await books.Merchants.SingleOrDefaultAsync(row => row.Code == code, ct) is not { } merchant)
        {
            await Console.Error.WriteLineAsync($"canpay: there is no merchant with the code {code}.");
            return CommandLine.No;
        }

        if (change is not null)
        {
            change(merchant);
            merchant.Version++;
            await books.SaveChangesAsync(ct);
        }

        Print(merchant, parsed.GetValue(Json));
        return CommandLine.Done;
    }

    private static void Change(MerchantRow row, ParseResult parsed)
    {
        row.Name = parsed.GetValue(Name) is { } name ? MerchantDetails.Name(name) : row.Name;
        row.Addresses = parsed.GetResult(Ip) is null ? row.Addresses : MerchantDetails.Addresses(parsed.GetValue(Ip)!);
        row.Domains = parsed.GetResult(Domain) is null ? row.Domains : MerchantDetails.Domains(parsed.GetValue(Domain)!);
        row.MinAmountRials = parsed.GetValue(Min) ?? row.MinAmountRials;
        row.MaxAmountRials = parsed.GetValue(Max) ?? row.MaxAmountRials;
        row.ReferrerPolicy = (parsed.GetValue(Referrer) ?? Enum.Parse<ReferrerPolicy>(row.ReferrerPolicy)).ToString();
        row.CallbackMethod = (parsed.GetValue(Callback) ?? Enum.Parse<CallbackMethod>(row.CallbackMethod)).ToString();
        row.RefundMethod = (parsed.GetValue(Refunds) ?? Enum.Parse<RefundMethod>(row.RefundMethod)).ToString();
        row.AllowHttpCallback = parsed.GetValue(AllowHttp) ?? row.AllowHttpCallback;
        row.RequireKey = parsed.GetValue(RequireKey) ?? row.RequireKey;
        row.TerminalId = parsed.GetValue(TerminalId) is { } terminal ? MerchantDetails.Terminal(terminal, row.TerminalId) : row.TerminalId;
        row.AcceptorId = parsed.GetValue(AcceptorId) is { } acceptor ? MerchantDetails.Sized(acceptor, 15, "acceptor") : row.AcceptorId;
        row.CategoryCode = parsed.GetValue(Category) is { } category ? MerchantDetails.Sized(category, 4, "category") : row.CategoryCode;
        if (row.MinAmountRials < 1 || row.MaxAmountRials < row.MinAmountRials || row.MaxAmountRials > 999_999_999_999)
        {
            throw new StartException("--min and --max must be 1 to 999,999,999,999 rials, the smaller first.");
        }
    }

    private static void Print(MerchantRow row, bool asJson)
    {
        if (asJson)
        {
            Tool.PrintJson(Shape(row));
            return;
        }

        var table = new Table().HideHeaders().AddColumn("").AddColumn("");
        foreach (var (name, value) in new (string, string)[]
        {
            ("code", row.Code), ("name", row.Name), ("status", row.Status), ("money", MerchantDetails.IsTest(row.TerminalId) ? "none: a test merchant" : "real"), ("addresses", row.Addresses), ("domains", row.Domains),
            ("amounts", $"{Money(row.MinAmountRials)} to {Money(row.MaxAmountRials)} rials"), ("no referrer", row.ReferrerPolicy),
            ("way back", row.CallbackMethod), ("refunds", row.RefundMethod), ("http callbacks", row.AllowHttpCallback ? "allowed in the sandbox" : "refused"),
            ("key", row.RequireKey ? "required" : "optional"), ("terminal", row.TerminalId), ("acceptor", row.AcceptorId), ("category", row.CategoryCode), ("since", Tool.Time(row.CreatedAtMs)),
        })
        {
            table.AddRow(Markup.Escape(name), Markup.Escape(value));
        }

        Tool.Print(table);
    }

    private static object Shape(MerchantRow row) => new
    {
        row.Code,
        row.Name,
        row.Status,
        test = MerchantDetails.IsTest(row.TerminalId),
        addresses = row.Addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        domains = row.Domains.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        row.MinAmountRials,
        row.MaxAmountRials,
        row.ReferrerPolicy,
        row.CallbackMethod,
        row.AllowHttpCallback,
        row.RequireKey,
        row.RefundMethod,
        row.TerminalId,
        row.AcceptorId,
        row.CategoryCode,
        row.CreatedAtMs,
    };

    private static string Money(long rials) => rials.ToString("N0", CultureInfo.InvariantCulture);

    private static Option<string[]> Many(string name, string text) => new(name) { Description = text, AllowMultipleArgumentsPerToken = true };
}
